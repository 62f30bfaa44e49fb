#!/bin/bash
# Run once by the PostgreSQL image, on an empty volume: one database and three roles for Dondoc, two
# databases and one role for Temporal. Passwords come from files, never from the command line.
set -euo pipefail
export SECRETS="${SECRETS:-/run/secrets}"

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set owner_password `cat "$SECRETS/database_owner_password"`
\set writer_password `cat "$SECRETS/database_writer_password"`
\set reader_password `cat "$SECRETS/database_reader_password"`
\set temporal_password `cat "$SECRETS/temporal_database_password"`

-- The owner migrates; the writer and the reader are what the API and the worker sign in as.
create role dondoc_owner login password :'owner_password';
create role dondoc_writer login password :'writer_password';
create role dondoc_reader login password :'reader_password';
-- Membership lets the owner grant to the two and lets migrations find them made.
grant dondoc_writer, dondoc_reader to dondoc_owner;
create database dondoc owner dondoc_owner encoding 'UTF8' template template0;
revoke connect on database dondoc from public;
grant connect on database dondoc to dondoc_writer, dondoc_reader;

create role temporal login password :'temporal_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke connect on database temporal, temporal_visibility from public;
SQL
