import type { Engine } from '../../src/engine/engine.js';
import { Deliveries, type WebhookPumpOptions, type WebhookSender } from '../../src/engine/webhook-pump.js';

/** Sends until nothing is due any more. */
export async function deliverAll(
  engine: Engine,
  sender: WebhookSender,
  options: WebhookPumpOptions,
): Promise<void> {
  const deliveries = new Deliveries(engine, sender, options);
  do {
    await deliveries.settled();
    await deliveries.round();
  } while (deliveries.underWay > 0);
}
