# shellcheck shell=bash
# What tests/long/compose.sh stands on: an engine, a project of its own from a clean copy of the sources, and short words for
# what is asked of it. Sourced after tests/system/lib.sh.

own_engine=0 project_made=0
PROJECT=quilowatt-test-$$
SRC=$WORK/src

# take_engine: sets up `docker`: one that runs here, or a private one from Debian's packages; skips where there is neither.
take_engine() {
    local tool=${QW_SHARED:-$ROOT/../shared}/tools/docker-engine.sh path=$PATH rc=0
    if docker version >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then
        note "using the engine that runs here"
        return 0
    fi
    [ -e "$tool" ] || skip "no container engine runs here (with Compose 2), and ../shared/tools/docker-engine.sh is not there"
    [ "$(id -u)" -eq 0 ] || skip "no container engine runs here, and starting one needs root"
    . "$tool"
    PATH=$PATH:$path
    have dockerd || eng_install >"$WORK/engine.log" 2>&1 || { tail "$WORK/engine.log"; fail "the engine's packages cannot be installed"; }
    eng_start >>"$WORK/engine.log" 2>&1 || rc=$?
    case $rc in
    0) own_engine=1 ;;
    2) unset DOCKER_HOST ;; # one runs already, and is not ours to stop
    *) tail "$WORK/engine.log"; skip "a container engine cannot be started here" ;;
    esac
    eng_base bookworm >>"$WORK/engine.log" 2>&1 && eng_base trixie >>"$WORK/engine.log" 2>&1 && eng_plugins >>"$WORK/engine.log" 2>&1 ||
        { tail "$WORK/engine.log"; fail "base images or compose cannot be had"; }
    note "a private engine runs"
}

# Takes everything of this test away, and the engine if this test started it.
leave_engine() {
    local status=$? image
    set +e # whatever fails from here on, the rest is to be taken away
    if [ "$status" -ne 0 ] && [ "$project_made" -eq 1 ]; then compose ps -a; compose logs --no-color --tail 12; fi 2>&1 | tail -n 120
    if [ "$project_made" -eq 1 ]; then
        compose down --volumes --remove-orphans --timeout 10 >/dev/null 2>&1
        for image in ingestor api broker tools proxy; do docker image rm "$PROJECT-$image" >/dev/null 2>&1; done
    fi
    [ "$own_engine" -eq 0 ] || eng_stop >/dev/null 2>&1
    (exit "$status")
    at_end
}
trap leave_engine EXIT

# clean_clone: the files that git tracks, and nothing else.
clean_clone() {
    mkdir -p "$SRC"
    (cd "$ROOT" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --no-dereference -t "$SRC")
    export COMPOSE_PROJECT_NAME=$PROJECT QW_NET=10.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 1)) QW_DEMO_METERS=5
    QW_HTTP_PORT=$(free_port) QW_MQTT_PORT=$(free_port) QW_HTTPS_PORT=$(free_port) QW_MQTTS_PORT=$(free_port)
    export QW_HTTP_PORT QW_MQTT_PORT QW_HTTPS_PORT QW_MQTTS_PORT
    URL=http://127.0.0.1:$QW_HTTP_PORT MQTT_HOST=127.0.0.1 MQTT_PORT=$QW_MQTT_PORT
    project_made=1
}

# compose WORDS…: with the profiles that `profile` names.
profile=demo
compose() { (cd "$SRC" && nice -n 5 docker compose --ansi never --profile "$profile" "$@"); }
# quietly_compose WORDS…: shown only when it fails.
quietly_compose() { compose "$@" >"$WORK/compose.log" 2>&1 || { tail -n 40 "$WORK/compose.log"; fail "docker compose $*"; }; }
qw() { compose run --rm -T qw "$@" 2>>"$WORK/qw.log"; }
setup() { compose run --rm -T setup "$@" 2>>"$WORK/setup.log"; }
container() { compose ps -a --quiet "$1"; }
ask() { docker inspect --format "$2" "$1"; }
health() { ask "$(container "$1")" '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}'; }
is_healthy() { [ "$(health "$1")" = healthy ]; }
all_healthy() {
    local part
    for part in "$@"; do wait_for 120 "$part is healthy" is_healthy "$part"; done
}

login_of() { setup logins | awk -v name="$1" '$1 == name {print $2}'; }
# learn_logins: what a person does first. Sets MQTT and API_TOKEN.
learn_logins() {
    MQTT_USER=operator MQTT_PASSWORD=$(login_of operator)
    [ "${#MQTT_PASSWORD}" -eq 24 ] || fail "no operator's password is told"
    MQTT=(-h "$MQTT_HOST" -p "$MQTT_PORT" -u operator -P "$MQTT_PASSWORD")
    API_TOKEN=$(qw token add --user operator --name test) || fail "no token: $(tail -n 3 "$WORK/qw.log")"
}

# count_readings METER: how many the API has, page by page.
count_readings() {
    local page cursor='' sum=0
    while :; do
        page=$(api "/meters/$1/readings?limit=1000${cursor:+&cursor=$cursor}") || return 1
        sum=$((sum + $(jq '.items | length' <<<"$page")))
        cursor=$(jq -r '.next_cursor // empty | @uri' <<<"$page")
        [ -n "$cursor" ] || break
    done
    echo "$sum"
}
has_readings() { [ "$(count_readings "$1")" = "$2" ]; }
last_wh() { api "/meters/$1/readings?limit=1" | jq -r '.items[0].energy_wh'; }
shows_last() { [ "$(last_wh "$1")" = "$2" ]; }

# see_page METER HEADING: the operator logs in with Chromium and sees the meter and its reading of so many kWh.
see_page() {
    have chromium || { note "no chromium here: the page is not looked at"; return 0; }
    printf '%s\n' "URL=$URL" "API_TOKEN=$API_TOKEN" "OPERATOR_USER=operator" "OPERATOR_PASSWORD=$MQTT_PASSWORD" >"$WORK/page.env"
    QW_RUN_ENV=$WORK/page.env node "$ROOT/tests/long/compose_page.mjs" "$@" || fail "the page"
}
