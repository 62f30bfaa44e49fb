#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, each with a random password of its own. Run it once,
# before the first `docker compose up`; what exists already is kept.
#
#   deploy/make-secrets.sh [smtp-url]      smtp-url: default smtp://mailpit:1025, the catcher of the profile dev
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
signing_key() {
  if command -v openssl >/dev/null; then openssl genpkey -algorithm ed25519
  elif command -v node >/dev/null; then
    node -p 'require("node:crypto").generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" })'
  else echo 'openssl or node is needed for the key that signs anchors' >&2; return 1; fi
}
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
# Readable for the users inside the containers; the folder itself keeps others on this machine out.
put() { [ -s "secrets/$1" ] || { printf '%s' "$2" >"secrets/$1" && chmod 0444 "secrets/$1"; }; }

put postgres_password "$(random)"
put temporal_database_password "$(random)"
for role in owner writer reader; do
  put "database_${role}_password" "$(random)"
  put "database_${role}_url" \
    "postgres://dondoc_${role}:$(cat "secrets/database_${role}_password")@postgres:5432/dondoc"
done
# Signs the anchors of the audit trail; keep a copy outside, where nobody who has the database can reach it.
if [ ! -s secrets/anchor_key ]; then
  key="$(signing_key)"
  put anchor_key "$key"
fi
put smtp_url "${1:-smtp://mailpit:1025}"
echo "secrets are in $(pwd)/secrets"
