import type { Quote } from '../messages.ts';

let latest: MessageEvent<string>;
let quote: Quote;

/** The quote in an event, parsed once for all components. */
export function quoteIn(event: MessageEvent<string>): Quote {
  if (event !== latest) {
    quote = JSON.parse(event.data) as Quote;
    latest = event;
  }
  return quote;
}
