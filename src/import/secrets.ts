export { isMarkedSecret } from '../domain/directive/secret.js';
