/** How many controls and presses are tried at most: a story may add a button at each press. */
const MOST = 80;
/** How long a button that is off may take until it is on, in milliseconds: the time of a reconnect. */
const PATIENCE = 600;
/** Long enough for what follows a press to be drawn, in milliseconds. */
const SETTLE = 40;

/** Runs in the page: puts the functions that look at it into `window.keyboard`. */
function install() {
  const CONTROLS = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const BUTTONS = 'button, summary';
  const controlsIn = (root) =>
    [...root.querySelectorAll('*')].flatMap((each) => [
      ...(each.matches(CONTROLS) ? [each] : []),
      ...(each.shadowRoot ? controlsIn(each.shadowRoot) : []),
    ]);
  const isThere = (each) =>
    each.isConnected && !each.disabled && each.checkVisibility({ visibilityProperty: true });
  const isOff = (each) => each.ariaDisabled === 'true';
  const nameOf = (each) =>
    `“${each.ariaLabel || each.labels?.[0]?.textContent || each.textContent.trim()}”`;
  const focused = () => {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    return found === document.body ? null : found;
  };

  const all = controlsIn(document.body).filter(isThere);
  const reached = new Set();
  const pressed = new Set();

  function isSeen(each) {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    const root = each.getRootNode();
    return [left + 4, (left + right) / 2, right - 4].some((x) =>
      [top + 4, (top + bottom) / 2, bottom - 4].some((y) => {
        const shown = root.elementFromPoint(x, y);
        return each.contains(shown) || (shown !== root.host && shown?.contains(each));
      }),
    );
  }
  function faultOf(each) {
    const { outlineStyle, boxShadow } = getComputedStyle(each);
    if (outlineStyle === 'none' && boxShadow === 'none') return `${nameOf(each)} shows no focus`;
    return isSeen(each) ? null : `${nameOf(each)} is hidden while it has the focus`;
  }
  /** The arrow keys reach the others in a group with one tab stop. */
  const isInGroup = (each) =>
    each.tabIndex < 0 && [...each.parentNode.children].some(({ tabIndex }) => tabIndex === 0);
  /** The buttons that were not pressed yet, those that a press has added included. After "Refuse", most are off for long. */
  const left = () =>
    [...new Set([...all, ...document.querySelectorAll(BUTTONS)])]
      .filter((each) => each.matches(BUTTONS) && isThere(each) && !pressed.has(each))
      .toSorted((one, other) => /Refuse/.test(nameOf(one)) - /Refuse/.test(nameOf(other)));

  window.keyboard = {
    /** Looks at where the tab key has led. Null at the end of the way, else what is wrong there. */
    look() {
      const each = focused();
      if (!each || reached.has(each)) return null;
      reached.add(each);
      return { fault: faultOf(each) };
    },
    missed: () =>
      all.filter((each) => isThere(each) && !reached.has(each) && !isInGroup(each)).map(nameOf),
    /** Gives the focus to the next button that is on, and returns its name; null if there is none. */
    next() {
      const each = left().find((button) => !isOff(button));
      if (!each) return null;
      pressed.add(each);
      each.focus();
      return nameOf(each);
    },
    waits: () => left().length > 0,
    hasFocus: () => focused() !== null,
  };
  // Where the way of the tab key begins.
  document.body.tabIndex = -1;
  document.body.focus();
}

async function tabThrough(page, complain) {
  for (let n = 0; n < MOST; n++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => window.keyboard.look());
    if (!stop) break;
    if (stop.fault) complain(stop.fault);
  }
  for (const name of await page.evaluate(() => window.keyboard.missed()))
    complain(`the tab key does not reach ${name}`);
}

async function pressAll(page, complain) {
  let idle = 0;
  for (let n = 0; n < MOST && idle < PATIENCE; n++) {
    const name = await page.evaluate(() => window.keyboard.next());
    const key = n % 2 ? 'Space' : 'Enter';
    if (name !== null) await page.keyboard.press(key);
    else if (!(await page.evaluate(() => window.keyboard.waits()))) break;
    await page.waitForTimeout(SETTLE);
    idle = name === null ? idle + SETTLE : 0;
    if (name !== null && !(await page.evaluate(() => window.keyboard.hasFocus())))
      complain(`${name} loses the focus after ${key}`);
  }
}

/**
 * Uses a story by keyboard alone. Complains of a control that the tab key does not reach, of a focus that nobody sees, and of
 * a button that loses the focus when it is pressed.
 */
export async function checkKeyboard(page, complain) {
  await page.evaluate(install);
  await tabThrough(page, complain);
  await pressAll(page, complain);
}
