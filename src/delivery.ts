export { confirmed } from './core/delivery/confirmed.ts';
