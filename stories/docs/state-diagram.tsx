import picture from '../../docs/images/state-model.svg?raw';

/** The picture as a part of the page: its lines have titles, and it follows the theme. */
export function StateDiagram() {
  return (
    <figure className="docs-figure sb-unstyled">
      <div className="docs-states" dangerouslySetInnerHTML={{ __html: picture }} />
      <figcaption>
        Point at a line for all of its events, and for the states from which they lead.
      </figcaption>
    </figure>
  );
}
