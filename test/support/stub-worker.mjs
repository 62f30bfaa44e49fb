import { serve } from './stub-program.mjs';

serve(process.env.WORKER_ADMIN_PORT);
