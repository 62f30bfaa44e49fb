import { main } from './dev/main.js';

// The launcher behind `npm start`: everything Dondoc needs, on this machine, in one foreground process.
await main();
