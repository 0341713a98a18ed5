/*
 * The broker's password file: hashes of the real mosquitto_passwd are verified here, and a real broker lets in
 * whom a line made here names, and nobody else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "access/broker_login.h"

static char folder[] = "/tmp/qw-broker-login-XXXXXX";

static pid_t start(const char *const argv[])
{
    pid_t pid = fork();
    if (pid == 0) {
        int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, 0);
        dup2(nothing, 1);
        dup2(nothing, 2);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    return pid;
}

static int run(const char *const argv[])
{
    int status = 0;
    waitpid(start(argv), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void mosquittos_own_hashes_are_verified(void **state)
{
    (void)state;
    char path[128], line[256];
    snprintf(path, sizeof(path), "%s/theirs", folder);
    const char *const make[] = {"mosquitto_passwd", "-b", "-c", path, "casa-42", "s3cret pass\xc3\xa9", NULL};
    assert_int_equal(run(make), 0);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    char *hash = strchr(line, ':') + 1;
    assert_true(broker_login_verify(hash, "s3cret pass\xc3\xa9"));
    assert_false(broker_login_verify(hash, "s3cret pass"));
    char ours[BROKER_HASH_SIZE];
    assert_int_equal(broker_login_hash("x", NULL, ours), OK);
    assert_int_equal(strlen(ours), strlen(hash));
    assert_int_equal(strncmp(ours, hash, strlen("$7$101$")), 0);
}

static void every_damage_to_a_hash_is_seen(void **state)
{
    (void)state;
    char hash[BROKER_HASH_SIZE], other[BROKER_HASH_SIZE], broken[BROKER_HASH_SIZE];
    assert_int_equal(broker_login_hash("password", NULL, hash), OK);
    assert_int_equal(broker_login_hash("password", NULL, other), OK);
    assert_string_not_equal(hash, other);
    assert_true(broker_login_verify(hash, "password"));
    for (size_t i = 0; i < strlen(hash); i++) {
        /* The last letter before the padding carries four bits that base64 leaves unused. */
        if (i == strlen(hash) - 3)
            continue;
        strcpy(broken, hash);
        broken[i] = broken[i] == 'A' ? 'B' : 'A';
        if (broker_login_verify(broken, "password"))
            fail_msg("letter %zu of %s does not matter", i, hash);
        strcpy(broken, hash);
        broken[i] = '\0';
        assert_false(broker_login_verify(broken, "password"));
    }
    const char *bad[] = {"", "$7$", "$6$101$AAAAAAAAAAAAAAAA$", "$7$0$", "$7$$$", "$7$1000001$x$y", "$7$-1$x$y", "plain"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(broker_login_verify(bad[i], "password"));
    assert_false(broker_login_verify(NULL, "password"));
    struct fault fault = {0};
    assert_int_equal(broker_login_hash("", &fault, hash), ERR_INVALID);
}

static void a_line_cannot_smuggle_another(void **state)
{
    (void)state;
    struct buf out;
    struct fault fault = {0};
    char hash[BROKER_HASH_SIZE];
    buf_init(&out, 4096);
    assert_int_equal(broker_login_hash("password", NULL, hash), OK);
    assert_int_equal(broker_login_line("a:b", hash, &fault, &out), ERR_INVALID);
    assert_int_equal(broker_login_line("a\nroot", hash, &fault, &out), ERR_INVALID);
    assert_int_equal(broker_login_line("", hash, &fault, &out), ERR_INVALID);
    assert_int_equal(broker_login_line("casa-42", "hash\nroot:x", &fault, &out), ERR_INVALID);
    strcat(hash, "\n");
    assert_int_equal(broker_login_line("casa-42", hash, &fault, &out), ERR_INVALID);
    assert_int_equal(out.len, 0);
    hash[strlen(hash) - 1] = '\0';
    assert_int_equal(broker_login_line("casa-42", hash, &fault, &out), OK);
    assert_int_equal(strncmp(out.data, "casa-42:$7$101$", 15), 0);
    assert_int_equal(out.data[out.len - 1], '\n');
    buf_finish(&out);
}

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
    chmod(path, 0644);
}

static int publish(int port, const char *username, const char *password)
{
    char port_text[8];
    snprintf(port_text, sizeof(port_text), "%d", port);
    const char *const argv[] = {"mosquitto_pub",           "-h", "127.0.0.1", "-p", port_text, "-u", username, "-P", password, "-q", "1", "-t",
                                "meters/casa-42/readings", "-m", "{}",        NULL};
    return run(argv);
}

static void a_real_broker_lets_in_whom_the_line_names(void **state)
{
    (void)state;
    char passwords[128], config[128], text[512], hash[BROKER_HASH_SIZE];
    int port = free_port();
    struct buf lines;
    buf_init(&lines, 4096);
    assert_int_equal(broker_login_hash("k7mf-2xqp", NULL, hash), OK);
    assert_int_equal(broker_login_line("casa-42", hash, NULL, &lines), OK);
    snprintf(passwords, sizeof(passwords), "%s/ours", folder);
    write_text(passwords, lines.data);
    buf_finish(&lines);
    snprintf(config, sizeof(config), "%s/conf", folder);
    snprintf(text, sizeof(text), "listener %d 127.0.0.1\nallow_anonymous false\npassword_file %s\n", port, passwords);
    write_text(config, text);
    const char *const argv[] = {"mosquitto", "-c", config, NULL};
    pid_t broker = start(argv);
    int code = -1;
    for (int i = 0; i < 100 && code != 0; i++) {
        struct timespec pause = {.tv_nsec = 50000000};
        nanosleep(&pause, NULL);
        code = publish(port, "casa-42", "k7mf-2xqp");
    }
    int wrong = publish(port, "casa-42", "k7mf-2xqq"), stranger = publish(port, "casa-43", "k7mf-2xqp");
    kill(broker, SIGTERM);
    waitpid(broker, NULL, 0);
    assert_int_equal(code, 0);
    assert_int_not_equal(wrong, 0);
    assert_int_not_equal(stranger, 0);
}

static int make_folder(void **state)
{
    (void)state;
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    return mkdtemp(folder) == NULL || chmod(folder, 0755) != 0;
}

static int remove_folder(void **state)
{
    (void)state;
    const char *const argv[] = {"rm", "-rf", folder, NULL};
    return run(argv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mosquittos_own_hashes_are_verified),
        cmocka_unit_test(every_damage_to_a_hash_is_seen),
        cmocka_unit_test(a_line_cannot_smuggle_another),
        cmocka_unit_test(a_real_broker_lets_in_whom_the_line_names),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
