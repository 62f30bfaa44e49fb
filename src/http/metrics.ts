import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Engine } from '../engine/engine.js';
import { contextOf } from './context.js';

export interface Metrics {
  readonly registry: Registry;
  /** Times each request under its route; ids never become labels. */
  readonly observe: RequestHandler;
}

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Figures of this process in Prometheus's form. */
export function createMetrics(pools: Pick<Engine, 'writer' | 'reader'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'dondoc_http_request_duration_seconds',
    help: 'Time from arrival to the end of the answer',
    labelNames: ['route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  new Gauge({
    name: 'dondoc_database_connections',
    help: 'Connections of each pool by state; waiting counts callers without one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [name, pool] of Object.entries({ writer: pools.writer, reader: pools.reader })) {
        this.set({ pool: name, state: 'open' }, pool.totalCount);
        this.set({ pool: name, state: 'idle' }, pool.idleCount);
        this.set({ pool: name, state: 'waiting' }, pool.waitingCount);
      }
    },
  });
  const observe: RequestHandler = (req, res, next) => {
    res.on('finish', () => {
      const { arrived, route } = contextOf(req);
      duration.observe(
        { route: route ?? 'none', status: res.statusCode },
        (performance.now() - arrived) / 1000,
      );
    });
    next();
  };
  return { registry, observe };
}
