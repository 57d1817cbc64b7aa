/**
 * Gives the page a language that Intl takes. A headless Chromium under LANG=C calls its own "en-US@posix", which Intl
 * refuses, and uPlot asks Intl as soon as it is loaded.
 */
export function mendLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  }
}
