/** A way to send messages in both directions, used as its own documentation says. */
export interface Peer {
  /** Starts the server. `heard`: called with each message of a client. */
  serve(heard: (text: string) => void): Promise<PeerServer>;
  /** Connects a client, and connects it again whenever the link is lost. `heard`: called with each message of the server. */
  connect(port: number, heard: (text: string) => void): PeerClient;
}

interface PeerServer {
  readonly port: number;
  /** Says a message to all clients. */
  say(text: string): void;
}

export interface PeerClient {
  send(text: string): void;
}
