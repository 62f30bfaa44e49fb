export { directive } from './directive.js';
export { referral } from './referral.js';
