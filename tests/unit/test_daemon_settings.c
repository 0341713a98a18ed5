/*
 * Settings: which source counts, what each type takes, and a sentence that names the place of every mistake.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "daemon/settings.h"

struct sample_settings {
    const char *log_level;
    const char *host;
    const char *password_file;
    int64_t poll_ms;
    bool auto_register;
    const char *zone;
};

#define ROW(name_) .name = #name_, .offset = offsetof(struct sample_settings, name_)
static const struct setting rows[] = {
    SETTING_LOG_LEVEL(struct sample_settings, log_level),
    {ROW(host), .type = SETTING_TEXT, .initial = "127.0.0.1", .min = 1, .max = 20, .also = "BROKER", .help = "The broker's host"},
    {ROW(password_file), .type = SETTING_SECRET_FILE, .initial = "", .help = "A file that holds the password"},
    {ROW(poll_ms), .type = SETTING_INT, .initial = "250", .min = 10, .max = 60000, .unit = "ms", .help = "How often"},
    {ROW(auto_register), .type = SETTING_BOOL, .initial = "false", .help = "Whether new meters are let in"},
    {ROW(zone), .type = SETTING_TEXT, .initial = NULL, .min = 1, .help = "The zone | of new meters"},
};

static enum err check_pair(const void *settings, struct fault *fault)
{
    const struct sample_settings *sample = settings;
    if (sample->auto_register && sample->poll_ms > 1000)
        return fault_set(fault, ERR_INVALID, "auto_register needs poll_ms of at most 1000");
    return OK;
}

static const struct program program = {
    .name = "qw-sample", .purpose = "Shows settings", .settings = rows, .setting_count = sizeof(rows) / sizeof(rows[0]), .check = check_pair};
static const struct program command = {
    .name = "qw-command", .purpose = "Takes operands", .operands = "COMMAND …", .settings = rows, .setting_count = sizeof(rows) / sizeof(rows[0])};

static char folder[] = "/tmp/qw-settings-XXXXXX";
static const char *environment_text = ""; /* "QW_A=1\nQW_B=2" */
static char environment_value[256];

static char *environment(const char *name)
{
    size_t len = strlen(name);
    for (const char *at = environment_text; at != NULL && *at != '\0'; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, name, len) != 0 || at[len] != '=')
            continue;
        snprintf(environment_value, sizeof(environment_value), "%.*s", (int)strcspn(at + len + 1, "\n"), at + len + 1);
        return environment_value;
    }
    return NULL;
}

static const char *write_file(const char *name, const char *text)
{
    static char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    chmod(path, 0600);
    return path;
}

/* One loading, from arguments in one text with blanks between. */
struct
try {
    struct sample_settings settings;
    struct fault fault;
    enum settings_wish wish;
    int operand;
    enum err err;
};

static struct try load(const struct program *of, const char *arguments)
{
    struct try try = {.operand = -1};
    static char text[1024];
    static char *argv[32];
    int argc = 1;
    argv[0] = "qw-sample";
    snprintf(text, sizeof(text), "%s", arguments);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc] = NULL;
    try.err = settings_load(of, argc, argv, environment, &try.settings, &try.fault, &try.wish, &try.operand);
    return try;
}

static void finish(struct try *try)
{
    settings_finish(&program, &try->settings);
    assert_null(try->settings.host);
}

static void check_refused(const char *arguments, const char *words)
{
    struct try try = load(&program, arguments);
    if (try.err != ERR_INVALID || strstr(try.fault.text, words) == NULL)
        fail_msg("%s: %s, \"%s\" lacks \"%s\"", arguments, err_name(try.err), try.fault.text, words);
    finish(&try);
}

static void defaults_are_taken(void **state)
{
    (void)state;
    environment_text = "";
    struct try try = load(&program, "--zone UTC");
    assert_int_equal(try.err, OK);
    assert_int_equal(try.wish, SETTINGS_RUN);
    assert_string_equal(try.settings.host, "127.0.0.1");
    assert_string_equal(try.settings.log_level, "info");
    assert_string_equal(try.settings.password_file, "");
    assert_int_equal(try.settings.poll_ms, 250);
    assert_false(try.settings.auto_register);
    finish(&try);
}

static void the_last_source_counts(void **state)
{
    (void)state;
    char arguments[256];
    const char *path = write_file("order.conf", "# a comment\n\n  host = file-host   # said here\npoll_ms=20\r\nzone = a#b\n");
    environment_text = "QW_POLL_MS=30\nQW_AUTO_REGISTER=true\nQW_OTHER_PROGRAM=1";
    snprintf(arguments, sizeof(arguments), "--config %s --auto_register=false", path);
    struct try try = load(&program, arguments);
    if (try.err != OK)
        fail_msg("%s", try.fault.text);
    assert_string_equal(try.settings.host, "file-host");
    assert_string_equal(try.settings.zone, "a#b");
    assert_int_equal(try.settings.poll_ms, 30);
    assert_false(try.settings.auto_register);
    finish(&try);
    snprintf(arguments, sizeof(arguments), "QW_CONFIG=%s", path);
    environment_text = arguments;
    try = load(&program, "--poll-ms 40 --auto-register --host a --host b");
    assert_int_equal(try.err, OK);
    assert_string_equal(try.settings.host, "b");
    assert_string_equal(try.settings.zone, "a#b");
    assert_int_equal(try.settings.poll_ms, 40);
    assert_true(try.settings.auto_register);
    finish(&try);
    environment_text = "";
}

static void another_variable_counts_after_ours(void **state)
{
    (void)state;
    environment_text = "BROKER=its-host";
    struct try try = load(&program, "--zone UTC");
    assert_int_equal(try.err, OK);
    assert_string_equal(try.settings.host, "its-host");
    finish(&try);
    environment_text = "BROKER=its-host\nQW_HOST=our-host";
    try = load(&program, "--zone UTC");
    assert_string_equal(try.settings.host, "our-host");
    finish(&try);
    environment_text = "BROKER=";
    check_refused("--zone UTC", "BROKER");
    environment_text = "";
}

static void a_mistake_names_its_place(void **state)
{
    (void)state;
    environment_text = "";
    check_refused("--zone UTC --poll_ms 9", "--poll_ms: poll_ms is \"9\"; it takes a whole number from 10 to 60000");
    check_refused("--zone UTC --poll_ms 60001", "poll_ms");
    check_refused("--zone UTC --poll_ms=1e3", "poll_ms");
    check_refused("--zone UTC --auto_register=yes", "true or false");
    check_refused("--zone UTC --log_level=loud", "debug|info|warn|error");
    check_refused("--zone UTC --log_level=debug|info", "takes one of");
    check_refused("--zone UTC --log_level=", "takes one of");
    check_refused("--zone UTC --host 123456789012345678901", "21 bytes");
    check_refused("--zone UTC --host=", "0 bytes");
    check_refused("--zone UTC --colour red", "--colour");
    check_refused("--zone UTC --host", "lacks its value");
    check_refused("--zone UTC stray", "stray");
    check_refused("--zone UTC -x", "-x");
    check_refused("", "zone must be given");
    check_refused("--zone UTC --auto_register --poll_ms 2000", "auto_register needs");
    environment_text = "QW_POLL_MS=often";
    check_refused("--zone UTC", "QW_POLL_MS");
    environment_text = "";
}

static void a_mistake_in_a_file_names_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } files[] = {
        {"zone = UTC\n# x\ncolour = red\n", "bad.conf:3: unknown setting \"colour\""},
        {"zone = UTC\nhost\n", "bad.conf:2: not of the form"},
        {"zone = UTC\npoll_ms = fast", "bad.conf:2: poll_ms is \"fast\""},
        {"zone = UTC\nhost=a\n\nhost=b\n", "bad.conf:4: host stands in line 2"},
        {"zone = UTC\nconfig = other\n", "bad.conf:2: unknown setting"},
        {"= UTC\n", "bad.conf:1: unknown setting"},
        {"host = caf\xe9\n", "not UTF-8"},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char arguments[256];
        snprintf(arguments, sizeof(arguments), "--config %s", write_file("bad.conf", files[i].text));
        check_refused(arguments, files[i].words);
    }
    struct try try = load(&program, "--zone UTC --config /nowhere/at.all");
    assert_int_equal(try.err, ERR_NOT_FOUND);
    assert_non_null(strstr(try.fault.text, "/nowhere/at.all"));
    finish(&try);
}

static void operands_are_left_to_the_program(void **state)
{
    (void)state;
    struct try try = load(&command, "--zone UTC user add --role operator");
    assert_int_equal(try.err, OK);
    assert_int_equal(try.operand, 3);
    finish(&try);
    try = load(&command, "--zone UTC -- --strange");
    assert_int_equal(try.err, OK);
    assert_int_equal(try.operand, 4);
    finish(&try);
    try = load(&command, "--auto_register user --zone x");
    assert_int_equal(try.err, ERR_INVALID); /* what follows an operand is not a setting, so the zone is missing */
    finish(&try);
    try = load(&command, "--zone UTC --auto_register false");
    assert_false(try.settings.auto_register);
    assert_int_equal(try.operand, 5); /* "false" belongs to the option */
    finish(&try);
}

static void wishes_need_no_good_settings(void **state)
{
    (void)state;
    static const struct {
        const char *arguments;
        enum settings_wish wish;
    } wishes[] = {{"--help", SETTINGS_HELP},
                  {"--version", SETTINGS_VERSION},
                  {"--print-settings-md", SETTINGS_MARKDOWN},
                  {"--zone UTC --check", SETTINGS_CHECK}};
    for (size_t i = 0; i < 4; i++) {
        struct try try = load(&program, wishes[i].arguments);
        assert_int_equal(try.err, OK);
        assert_int_equal(try.wish, wishes[i].wish);
        finish(&try);
    }
}

static void check_reads_the_secrets(void **state)
{
    (void)state;
    char arguments[256];
    const char *path = write_file("secret", "hush\n");
    snprintf(arguments, sizeof(arguments), "--zone UTC --check --password_file %s", path);
    struct try try = load(&program, arguments);
    assert_int_equal(try.err, OK);
    finish(&try);
    chmod(path, 0644);
    check_refused(arguments, "open to everybody");
    write_file("secret", "");
    check_refused(arguments, "is empty");
}

static void help_and_markdown_name_every_setting(void **state)
{
    (void)state;
    struct buf help, markdown;
    buf_init(&help, 65536);
    buf_init(&markdown, 65536);
    settings_help(&program, &help);
    settings_markdown(&program, &markdown);
    for (size_t i = 0; i < program.setting_count; i++) {
        char option[64], cell[64];
        snprintf(option, sizeof(option), "--%s VALUE", rows[i].name);
        snprintf(cell, sizeof(cell), "| `%s` | `QW_", rows[i].name);
        assert_non_null(strstr(help.data, option));
        assert_non_null(strstr(markdown.data, cell));
    }
    assert_non_null(strstr(help.data, "10 to 60000 ms; default 250"));
    assert_non_null(strstr(markdown.data, "| `poll_ms` | `QW_POLL_MS` | 10 to 60000 ms | `250` | How often |"));
    assert_non_null(strstr(markdown.data, "| debug, info, warn or error | `info` |"));
    assert_non_null(strstr(markdown.data, "| (must be given) | The zone \\| of new meters |"));
    buf_finish(&help);
    buf_finish(&markdown);
}

/* What a main's first lines print and return, in a child whose output is a file. */
static int start_in_child(const char *argument, char *text, size_t size)
{
    char path[128];
    int status = 0;
    snprintf(path, sizeof(path), "%s/output", folder);
    pid_t pid = fork();
    if (pid == 0) {
        struct sample_settings settings = {0};
        char *argv[] = {"qw-sample", "--zone", "UTC", (char *)argument, NULL};
        if (freopen(path, "w", stdout) == NULL || dup2(fileno(stdout), STDERR_FILENO) < 0)
            _exit(99);
        int code = program_start(&program, 4, argv, &settings, NULL);
        fflush(stdout);
        if (code == -1 && settings.poll_ms == 77)
            code = 77;
        _exit(code);
    }
    waitpid(pid, &status, 0);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_main_leaves_with_the_right_code(void **state)
{
    (void)state;
    char text[8192];
    assert_int_equal(start_in_child("--poll_ms=77", text, sizeof(text)), 77);
    assert_string_equal(text, "");
    assert_int_equal(start_in_child("--check", text, sizeof(text)), 0);
    assert_string_equal(text, "qw-sample: the settings are good\n");
    assert_int_equal(start_in_child("--version", text, sizeof(text)), 0);
    assert_string_equal(text, "qw-sample " QUILOWATT_VERSION "\n");
    assert_int_equal(start_in_child("--help", text, sizeof(text)), 0);
    assert_non_null(strstr(text, "Usage: qw-sample [OPTIONS]\n"));
    assert_int_equal(start_in_child("--print-settings-md", text, sizeof(text)), 0);
    assert_int_equal(strncmp(text, "## qw-sample\n", 13), 0);
    assert_int_equal(start_in_child("--colour", text, sizeof(text)), 2);
    assert_string_equal(text, "qw-sample: unknown option --colour (try --help)\n");
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    const char *names[] = {"order.conf", "bad.conf", "secret", "output"};
    char path[128];
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_taken),
        cmocka_unit_test(the_last_source_counts),
        cmocka_unit_test(another_variable_counts_after_ours),
        cmocka_unit_test(a_mistake_names_its_place),
        cmocka_unit_test(a_mistake_in_a_file_names_the_line),
        cmocka_unit_test(operands_are_left_to_the_program),
        cmocka_unit_test(wishes_need_no_good_settings),
        cmocka_unit_test(check_reads_the_secrets),
        cmocka_unit_test(help_and_markdown_name_every_setting),
        cmocka_unit_test(a_main_leaves_with_the_right_code),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
