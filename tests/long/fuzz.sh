#!/usr/bin/env bash
# Scenario: strangers write whatever they like to every surface there is, for a minute each. Nothing crashes, nothing leaks, nothing is without a verdict.
exec bash "$(dirname "${BASH_SOURCE[0]}")/../fuzz/run.sh" 60
