/*
 * The link against a real mosquitto, started here on a free loopback port with a directory of its
 * own: QoS 1 both ways, a broker that is killed and comes back, a session that waits for its
 * client, a login that is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mqtt/link.h"

/*
 * Paho 1.3.12 itself sometimes leaks the messages that were under way (at most max_inflight) when a
 * connection is lost; what is ours is still looked at.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libpaho-mqtt3as";
}

struct broker {
    char dir[64];
    int port;
    pid_t pid;
};

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool answers(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool up = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return up;
}

static void broker_start(struct broker *broker)
{
    char conf[96];
    snprintf(conf, sizeof conf, "%s/mosquitto.conf", broker->dir);
    broker->pid = fork();
    assert_true(broker->pid >= 0);
    if (broker->pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        dup2(null, 2);
        execlp("mosquitto", "mosquitto", "-c", conf, (char *)NULL);
        execl("/usr/sbin/mosquitto", "mosquitto", "-c", conf, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 500 && !answers(broker->port); i++)
        usleep(10000);
    assert_true(answers(broker->port));
}

static void broker_kill(struct broker *broker, int sig)
{
    if (broker->pid <= 0)
        return;
    kill(broker->pid, sig);
    waitpid(broker->pid, NULL, 0);
    broker->pid = 0;
}

static void write_conf(const struct broker *broker, bool anonymous)
{
    char path[96];
    snprintf(path, sizeof path, "%s/mosquitto.conf", broker->dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "listener %d 127.0.0.1\nallow_anonymous %s\npersistence true\npersistence_location "
            "%s/\nuser root\n",
            broker->port, anonymous ? "true" : "false", broker->dir);
    fclose(file);
}

static int setup(void **state)
{
    struct broker *broker = calloc(1, sizeof *broker);
    snprintf(broker->dir, sizeof broker->dir, "/tmp/qw-link-XXXXXX");
    assert_non_null(mkdtemp(broker->dir));
    broker->port = free_port();
    write_conf(broker, true);
    broker_start(broker);
    *state = broker;
    return 0;
}

static int teardown(void **state)
{
    struct broker *broker = *state;
    char path[128];
    broker_kill(broker, SIGTERM);
    const char *names[] = {"mosquitto.conf", "mosquitto.db", "mosquitto.db.new"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", broker->dir, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(broker->dir), 0);
    free(broker);
    return 0;
}

/* What the callbacks saw. */
struct seen {
    pthread_mutex_t lock;
    int ups, downs, messages, acknowledged, given_up;
    bool session_present;
    char why[160];
    char topic[64];
    char last[64];
    bool ids[2048];
    unsigned char payloads[2048]; /* how often "n" arrived */
};

static void on_message(const struct link_message *message, void *arg)
{
    struct seen *seen = arg;
    pthread_mutex_lock(&seen->lock);
    seen->messages++;
    size_t n = message->payload_len < sizeof seen->last - 1 ? message->payload_len : sizeof seen->last - 1;
    memcpy(seen->last, message->payload, n);
    seen->last[n] = '\0';
    snprintf(seen->topic, sizeof seen->topic, "%.*s", (int)message->topic_len, message->topic);
    int number = atoi(seen->last);
    if (number >= 0 && number < 2048)
        seen->payloads[number]++;
    pthread_mutex_unlock(&seen->lock);
}

static void on_up(bool session_present, void *arg)
{
    struct seen *seen = arg;
    pthread_mutex_lock(&seen->lock);
    seen->ups++;
    seen->session_present = session_present;
    pthread_mutex_unlock(&seen->lock);
}

static void on_down(const char *why, void *arg)
{
    struct seen *seen = arg;
    pthread_mutex_lock(&seen->lock);
    seen->downs++;
    snprintf(seen->why, sizeof seen->why, "%s", why);
    pthread_mutex_unlock(&seen->lock);
}

static void on_published(uint64_t id, enum err result, void *arg)
{
    struct seen *seen = arg;
    pthread_mutex_lock(&seen->lock);
    if (result == OK) {
        seen->acknowledged++;
        if (id < 2048)
            seen->ids[id] = true;
    } else {
        seen->given_up++;
    }
    pthread_mutex_unlock(&seen->lock);
}

/* Waits until *counter reaches n; the counter is an int inside `seen`. */
static bool reaches(struct seen *seen, const int *counter, int n, int timeout_ms)
{
    for (int waited = 0;; waited += 5) {
        pthread_mutex_lock(&seen->lock);
        bool there = *counter >= n;
        pthread_mutex_unlock(&seen->lock);
        if (there || waited >= timeout_ms)
            return there;
        usleep(5000);
    }
}

static struct seen *seen_create(void)
{
    struct seen *seen = calloc(1, sizeof *seen);
    pthread_mutex_init(&seen->lock, NULL);
    return seen;
}

static void seen_destroy(struct seen *seen)
{
    pthread_mutex_destroy(&seen->lock);
    free(seen);
}

static struct link_settings settings_for(const struct broker *broker, const char *client_id)
{
    return (struct link_settings){.host = "127.0.0.1",
                                  .port = broker->port,
                                  .client_id = client_id,
                                  .clean_session = true,
                                  .keep_alive_s = 20,
                                  .max_inflight = 20,
                                  .max_buffered = 1000};
}

static struct link *opened(const struct link_settings *settings, struct seen *seen)
{
    struct link_callbacks callbacks = {on_message, on_up, on_down, on_published, seen};
    struct link *link = NULL;
    struct fault fault;
    assert_int_equal(link_create(settings, &callbacks, &fault, &link), OK);
    assert_int_equal(link_open(link, &fault), OK);
    return link;
}

static void publish_numbers(struct link *link, int from, int to)
{
    for (int i = from; i < to; i++) {
        char text[16];
        int n = snprintf(text, sizeof text, "%d", i);
        assert_int_equal(link_publish(link, "t/numbers", text, (size_t)n, 1, false, (uint64_t)i, NULL), OK);
    }
}

static void test_publish_and_receive(void **state)
{
    struct seen *seen = seen_create();
    struct link_settings settings = settings_for(*state, "both");
    struct link_subscription subscriptions[] = {{"t/#", 1}, {"u/+", 0}};
    settings.subscriptions = subscriptions;
    settings.subscription_count = 2;
    struct link *link = opened(&settings, seen);
    publish_numbers(link, 1, 501); /* more than are under way at once, and from before the connection is up */
    assert_true(reaches(seen, &seen->messages, 500, 10000));
    assert_true(reaches(seen, &seen->acknowledged, 500, 10000));
    assert_int_equal(link_pending(link), 0);
    assert_true(link_is_up(link));
    assert_string_equal(seen->last, "500"); /* in order */
    assert_string_equal(seen->topic, "t/numbers");
    assert_int_equal(link_publish(link, "u/x", "zero", 4, 0, false, 0, NULL), OK);
    assert_true(reaches(seen, &seen->messages, 501, 5000));
    assert_string_equal(seen->last, "zero");
    link_close(link, 1000);
    assert_false(link_is_up(link));
    assert_int_equal(seen->ups, 1);
    assert_int_equal(seen->downs, 0);
    assert_int_equal(seen->given_up, 0);
    link_destroy(link);
    seen_destroy(seen);
}

static void test_broker_killed_and_back(void **state)
{
    struct broker *broker = *state;
    struct seen *seen = seen_create();
    struct link_settings settings = settings_for(broker, "steady");
    struct link_subscription subscription = {"t/#", 1};
    settings.subscriptions = &subscription;
    settings.subscription_count = 1;
    struct link *link = opened(&settings, seen);
    assert_true(reaches(seen, &seen->ups, 1, 5000));
    broker_kill(broker, SIGKILL);
    publish_numbers(link, 1, 101);
    assert_true(reaches(seen, &seen->downs, 1, 5000));
    assert_int_equal(link_publish(link, "t/zero", "x", 1, 0, false, 0, NULL), ERR_RETRY);
    assert_int_equal(link_pending(link), 100);
    assert_string_not_equal(seen->why, "");
    broker_start(broker);
    assert_true(reaches(seen, &seen->acknowledged, 100, 20000));
    assert_true(reaches(seen, &seen->ups, 2, 1000));
    assert_true(reaches(seen, &seen->messages, 100, 5000)); /* so it subscribed again */
    for (int i = 1; i <= 100; i++)
        assert_true(seen->payloads[i] >= 1 && seen->ids[i]);
    link_destroy(link);
    seen_destroy(seen);
}

/* The broker dies while messages are under way: each is acknowledged once to us, and arrives at
 * least once. */
static void test_killed_under_load(void **state)
{
    struct broker *broker = *state;
    struct seen *seen = seen_create();
    struct link_settings settings = settings_for(broker, "load");
    settings.max_buffered = 2000;
    struct link *link = opened(&settings, seen);
    assert_true(reaches(seen, &seen->ups, 1, 5000));
    publish_numbers(link, 1, 1000);
    assert_true(reaches(seen, &seen->acknowledged, 10, 5000));
    broker_kill(broker, SIGKILL);
    broker_start(broker);
    assert_true(reaches(seen, &seen->acknowledged, 999, 20000));
    usleep(100000);
    assert_int_equal(seen->acknowledged, 999);
    assert_int_equal(link_pending(link), 0);
    link_destroy(link);
    seen_destroy(seen);
}

static void test_session_waits_for_its_client(void **state)
{
    struct broker *broker = *state;
    struct seen *seen = seen_create(), *other_seen = seen_create();
    struct link_settings settings = settings_for(broker, "patient");
    struct link_subscription subscription = {"t/#", 1};
    settings.subscriptions = &subscription;
    settings.subscription_count = 1;
    settings.clean_session = false;
    struct link *link = opened(&settings, seen);
    assert_true(reaches(seen, &seen->ups, 1, 5000));
    assert_false(seen->session_present);
    link_close(link, 1000);
    link_destroy(link);

    struct link_settings other = settings_for(broker, "other");
    struct link *sender = opened(&other, other_seen);
    publish_numbers(sender, 1, 51);
    assert_true(reaches(other_seen, &other_seen->acknowledged, 50, 5000));
    link_destroy(sender);

    link = opened(&settings, seen);
    assert_true(reaches(seen, &seen->ups, 2, 5000));
    assert_true(seen->session_present);
    assert_true(reaches(seen, &seen->messages, 50, 5000));
    link_destroy(link);
    seen_destroy(seen);
    seen_destroy(other_seen);
}

static void test_will_only_without_goodbye(void **state)
{
    struct broker *broker = *state;
    struct seen *seen = seen_create(), *ill_seen = seen_create();
    struct link_settings settings = settings_for(broker, "watcher");
    struct link_subscription subscription = {"w/#", 1};
    settings.subscriptions = &subscription;
    settings.subscription_count = 1;
    struct link *watcher = opened(&settings, seen);
    assert_true(reaches(seen, &seen->ups, 1, 5000));

    struct link_settings ill = settings_for(broker, "ill");
    ill.will_topic = "w/ill";
    ill.will_payload = "gone";
    ill.will_qos = 1;
    struct link *polite = opened(&ill, ill_seen);
    assert_true(reaches(ill_seen, &ill_seen->ups, 1, 5000));
    link_destroy(polite);
    assert_false(reaches(seen, &seen->messages, 1, 300));

    struct link *first = opened(&ill, ill_seen);
    assert_true(reaches(ill_seen, &ill_seen->ups, 2, 5000));
    struct seen *thief_seen = seen_create();
    struct link *thief = opened(&ill, thief_seen); /* the same client id: the broker drops the first at once */
    assert_true(reaches(seen, &seen->messages, 1, 5000));
    assert_string_equal(seen->last, "gone");
    link_destroy(thief);
    link_destroy(first);
    link_destroy(watcher);
    seen_destroy(seen);
    seen_destroy(ill_seen);
    seen_destroy(thief_seen);
}

static void test_refused_login_has_words(void **state)
{
    struct broker *broker = *state;
    broker_kill(broker, SIGTERM);
    write_conf(broker, false);
    broker_start(broker);
    struct seen *seen = seen_create();
    struct link_settings settings = settings_for(broker, "stranger");
    settings.username = "nobody";
    settings.password = "wrong";
    struct link *link = opened(&settings, seen);
    assert_true(reaches(seen, &seen->downs, 1, 5000));
    assert_string_equal(seen->why, "not authorised");
    assert_false(link_is_up(link));
    publish_numbers(link, 1, 4);
    link_close(link, 50);
    assert_int_equal(seen->given_up, 3);
    assert_int_equal(seen->ups, 0);
    link_destroy(link);
    seen_destroy(seen);
}

static void test_limits(void **state)
{
    struct broker *broker = *state;
    struct seen *seen = seen_create();
    struct fault fault;
    struct link_callbacks callbacks = {.arg = seen};
    struct link_settings settings = settings_for(broker, "limits");
    struct link *link = NULL;
    settings.acknowledgement = LINK_DEFERRED;
    assert_int_equal(link_create(&settings, &callbacks, &fault, &link), ERR_INVALID);
    settings = settings_for(broker, "");
    settings.clean_session = false;
    assert_int_equal(link_create(&settings, &callbacks, &fault, &link), ERR_INVALID);
    settings = settings_for(broker, "limits");
    settings.max_inflight = 3;
    settings.max_buffered = 2;
    assert_int_equal(link_create(&settings, &callbacks, &fault, &link), OK);
    assert_int_equal(link_publish(link, "a/+", "x", 1, 1, false, 1, &fault), ERR_INVALID);
    assert_int_equal(link_publish(link, "", "x", 1, 1, false, 1, &fault), ERR_INVALID);
    assert_int_equal(link_publish(link, "a", "x", 1, 1, false, 0, &fault), ERR_INVALID);
    for (uint64_t i = 1; i <= 5; i++)
        assert_int_equal(link_publish(link, "a", "x", 1, 1, false, i, &fault), OK);
    assert_int_equal(link_publish(link, "a", "x", 1, 1, false, 6, &fault), ERR_RETRY);
    assert_int_equal(link_pending(link), 5);
    assert_int_equal(link_acknowledge(link, 1), ERR_INVALID);
    link_destroy(link); /* never opened */
    link_destroy(NULL);
    settings.max_buffered = 0;
    assert_int_equal(link_create(&settings, &callbacks, &fault, &link), OK);
    assert_int_equal(link_publish(link, "a", "x", 1, 1, false, 1, &fault), ERR_RETRY);
    link_destroy(link);
    seen_destroy(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_publish_and_receive, setup, teardown),
        cmocka_unit_test_setup_teardown(test_broker_killed_and_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_under_load, setup, teardown),
        cmocka_unit_test_setup_teardown(test_session_waits_for_its_client, setup, teardown),
        cmocka_unit_test_setup_teardown(test_will_only_without_goodbye, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_login_has_words, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
