#!/bin/sh
# Creates the namespace and its search attributes where they are missing. Safe to run at every start.
set -eu
tries=0
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "the Temporal server at $TEMPORAL_ADDRESS does not answer" >&2; exit 1; }
  sleep 2
done

temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"

# A new namespace reaches the server's caches after some seconds.
tries=0
until temporal operator search-attribute list -n "$TEMPORAL_NAMESPACE" >/tmp/attributes 2>/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { echo "the namespace $TEMPORAL_NAMESPACE does not become usable" >&2; exit 1; }
  sleep 2
done
for attribute in Phase=Keyword Open=Int; do
  name="${attribute%%=*}"
  grep -qw "$name" /tmp/attributes ||
    temporal operator search-attribute create -n "$TEMPORAL_NAMESPACE" --name "$name" --type "${attribute##*=}"
done
