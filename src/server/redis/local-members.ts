import { type Report, type Reportable, ReportQueue } from './report-queue.ts';

/** An identity in a topic by connections of this server. */
interface LocalMember extends Reportable {
  readonly topic: string;
  readonly id: string;
  /** How many of its connections are subscribed. */
  connections: number;
}

/**
 * Who is in which topic by connections of this server, and what of it must still be reported to Redis. Redis hears of the
 * first connection and of the end of the last one.
 */
export class LocalMembers {
  readonly #membersOf = new Map<string, Map<string, LocalMember>>();
  readonly #queue: ReportQueue<LocalMember>;

  /** @param grace - In milliseconds. */
  constructor(grace: number) {
    this.#queue = new ReportQueue(grace, (member) => this.#remove(member));
  }

  /** Whether there is something to report. */
  get hasUnreported(): boolean {
    return this.#queue.hasUnreported;
  }

  join(topic: string, id: string): void {
    const member = this.#membersOf.get(topic)?.get(id) ?? this.#add(topic, id);
    if (++member.connections > 1) return;
    member.leftAt = null;
    this.#queue.add(member);
  }

  leave(topic: string, id: string, isFinal: boolean): void {
    const member = this.#membersOf.get(topic)?.get(id);
    if (!member?.connections || --member.connections > 0) return;
    member.isFinal = isFinal;
    this.#queue.end(member);
  }

  leaveAll(): void {
    for (const member of this.#all()) {
      if (member.connections === 0) continue;
      member.connections = 0;
      member.isFinal = false;
      this.#queue.end(member);
    }
  }

  /** Lets all be reported again: Redis may have lost them. */
  reportAllAgain(): void {
    for (const member of this.#all()) this.#queue.add(member);
  }

  /** Makes a report about up to `limit` of them. Those of an unconfirmed report come again after `reportAllAgain()`. */
  nextReport(limit: number): Report {
    return this.#queue.next(limit, ({ topic, id }, event, stay) => [
      event,
      JSON.stringify(topic),
      JSON.stringify(id),
      stay,
    ]);
  }

  *#all(): Iterable<LocalMember> {
    for (const members of this.#membersOf.values()) yield* members.values();
  }

  #add(topic: string, id: string): LocalMember {
    const members = this.#membersOf.get(topic) ?? new Map<string, LocalMember>();
    const member: LocalMember = {
      topic,
      id,
      connections: 0,
      isInRedis: 'no',
      leftAt: null,
      isFinal: false,
    };
    this.#membersOf.set(topic, members.set(id, member));
    return member;
  }

  #remove({ topic, id }: LocalMember): void {
    const members = this.#membersOf.get(topic);
    members?.delete(id);
    if (members?.size === 0) this.#membersOf.delete(topic);
  }
}
