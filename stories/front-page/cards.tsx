/** The stories to see first. `path`: as in the address of Storybook. */
const CARDS = [
  {
    path: '/story/playground--every-option',
    title: 'Playground',
    text: 'Each option as a control, its code, and a button for each fault.',
  },
  {
    path: '/story/apps-chat--three-people',
    title: 'Chat',
    text: 'What you write without a link waits, and arrives.',
  },
  {
    path: '/story/how-it-works-heartbeat-and-latency--round-trips',
    title: 'Heartbeat',
    text: 'How a dead link is noticed, and how latency is measured.',
  },
  {
    path: '/story/how-it-works-nothing-is-lost--two-connections',
    title: 'Nothing is lost',
    text: 'Every message once and in order, over links that are cut.',
  },
  {
    path: '/story/how-it-works-topics--two-hundred-tickers',
    title: 'Topics',
    text: '200 subscriptions over one connection.',
  },
  {
    path: '/story/apps-who-is-online--three-people',
    title: 'Who is online',
    text: 'Presence, from our server for Node.',
  },
];

/** Links to stories. */
export function Cards() {
  return (
    <nav aria-label="Stories">
      <ul className="front-cards">
        {CARDS.map(({ path, title, text }) => (
          <li key={path}>
            <a className="ui-panel" href={`./?path=${path}`} target="_parent">
              <strong>{title}</strong>
              <span className="ui-note">{text}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
