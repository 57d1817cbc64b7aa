/** The tests of sessions in memory, with a Redis. */
import './same-tests.ts';
import '../../sessions/storm.test.ts';
