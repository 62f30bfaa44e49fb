export { directive } from './directive.js';
export { referral } from './referral.js';
export { reportingCycle } from './reporting-cycle.js';
