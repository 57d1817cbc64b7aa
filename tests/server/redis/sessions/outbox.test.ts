/** The tests of sessions in memory, with a Redis. */
import './same-tests.ts';
import '../../sessions/outbox.test.ts';
