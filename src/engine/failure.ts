/** The record's errors as errors of the product: what an edge may tell apart without knowing SQL. */
export { databaseError as knownError } from '../db/errors.js';
