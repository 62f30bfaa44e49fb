#!/bin/sh
# Creates or updates the two schemas of the Temporal server. Safe to run at every start.
set -eu
SQL_PASSWORD="$(cat /run/secrets/temporal_database_password)"
export SQL_PASSWORD
schema=/etc/temporal/schema/postgresql/v12

for part in temporal:temporal temporal_visibility:visibility; do
  database="${part%%:*}"
  temporal-sql-tool --db "$database" setup-schema -v 0.0
  temporal-sql-tool --db "$database" update-schema -d "$schema/${part##*:}/versioned"
done
