/**
 * The part of `@testing-library/react` that the tests of the hooks use, for a React that renders into objects instead of a
 * document, as that of React Native does.
 */
import { act, type ComponentType, type ReactElement, type ReactNode, useEffect } from 'react';
import { createRoot, type Root, type TestInstance } from 'test-renderer';

export { act };

const roots = new Set<Root>();

/** An element, or what contains all of them. */
class Element {
  readonly #instance: TestInstance;

  constructor(instance: TestInstance) {
    this.#instance = instance;
  }

  click(): void {
    act(() => (this.#instance.props.onClick as () => void)());
  }

  get textContent(): string {
    return this.#instance.children
      .map((child) => (typeof child === 'string' ? child : new Element(child).textContent))
      .join('');
  }

  querySelector(type: string): Element | null {
    return this.all((element) => element.type === type)[0] ?? null;
  }

  all(isMeant: (instance: TestInstance) => boolean): Element[] {
    return this.#instance.queryAll(isMeant).map((instance) => new Element(instance));
  }
}

export function render(
  element: ReactNode,
  { wrapper: Wrapper }: { wrapper?: ComponentType<{ children: ReactNode }> } = {},
) {
  const root = createRoot();
  const rerender = (next: ReactNode): void => {
    act(() => root.render((Wrapper ? <Wrapper>{next}</Wrapper> : (next ?? <></>)) as ReactElement));
  };
  roots.add(root);
  rerender(element);
  return {
    get container() {
      return new Element(root.container);
    },
    rerender,
    unmount: () => unmount(root),
  };
}

function unmount(root: Root): void {
  if (roots.delete(root)) act(() => root.unmount());
}

export function cleanup(): void {
  for (const root of roots) unmount(root);
}

export function renderHook<Result, Props>(
  useHook: (props: Props) => Result,
  {
    initialProps,
    ...options
  }: { initialProps?: Props; wrapper?: ComponentType<{ children: ReactNode }> } = {},
) {
  const result = {} as { current: Result };
  function Hook({ props }: { props: Props }) {
    const returned = useHook(props);
    useEffect(() => {
      result.current = returned;
    });
    return null;
  }
  const { rerender, unmount: end } = render(<Hook props={initialProps as Props} />, options);
  return { result, rerender: (props: Props) => rerender(<Hook props={props} />), unmount: end };
}

/** The only element for which the function returns true. */
function getOne(isMeant: (instance: TestInstance) => boolean): Element {
  const found = [...roots].flatMap((root) => new Element(root.container).all(isMeant));
  if (found.length !== 1) throw new Error(`There are ${found.length} such elements, not one.`);
  return found[0] as Element;
}

export const screen = {
  getByRole: (type: string) => getOne((instance) => instance.type === type),
  getByTestId: (id: string) => getOne(({ props }) => props['data-testid'] === id),
  getByText: (text: RegExp) =>
    getOne(({ children }) =>
      text.test(children.filter((child) => typeof child === 'string').join('')),
    ),
};

export const fireEvent = {
  click: (element: Element) => element.click(),
};
