#!/usr/bin/env bash
# Makes package-lock.json afresh. Adding to an existing one on one platform loses the packages of the others.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf node_modules package-lock.json
npm install --package-lock-only --loglevel=error
npm ci --loglevel=error
