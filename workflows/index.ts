export { anchor } from './anchor.js';
export { directive } from './directive.js';
export { referral } from './referral.js';
export { reorganisation } from './reorganisation.js';
export { reportingCycle } from './reporting-cycle.js';
