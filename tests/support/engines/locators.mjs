// Vitest leaves it to its providers how elements are found and clicked: here from inside the page.
import {
  getByLabelSelector,
  getByRoleSelector,
  getByTextSelector,
  Locator,
  selectorEngine,
} from '@vitest/browser/locators';
import { page } from 'vitest/browser';
import { __INTERNAL as internal } from 'vitest/internal/browser';

class PageLocator extends Locator {
  constructor(selector, container) {
    super();
    // The base class looks below its `_container`.
    Object.assign(this, { selector, container, _container: container });
  }
  async click() {
    const element = await this.findElement();
    element.click();
  }
  locator(selector) {
    return new PageLocator(`${this.selector} >> ${selector}`, this.container);
  }
  elementLocator(element) {
    return ofElement(element);
  }
}

const ofElement = (element) =>
  new PageLocator(selectorEngine.generateSelectorSimple(element), element);

page.extend({
  getByLabelText: (text, options) => new PageLocator(getByLabelSelector(text, options)),
  getByRole: (role, options) => new PageLocator(getByRoleSelector(role, options)),
  getByText: (text, options) => new PageLocator(getByTextSelector(text, options)),
  elementLocator: ofElement,
});
Object.assign(internal, { _createLocator: (selector) => new PageLocator(selector) });
