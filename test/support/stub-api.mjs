import { serve } from './stub-program.mjs';

serve(process.env.ADMIN_PORT);
