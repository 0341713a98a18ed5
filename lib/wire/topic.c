#include "wire/topic.h"
#include <string.h>
#include "base/text.h"

static enum topic_kind meter_topic(const char *rest, size_t len)
{
    static const struct {
        const char *text;
        enum topic_kind kind;
    } kinds[] = {{"/readings", TOPIC_READINGS}, {"/status", TOPIC_STATUS}, {"/events", TOPIC_EVENTS}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (len == strlen(kinds[i].text) && memcmp(rest, kinds[i].text, len) == 0)
            return kinds[i].kind;
    return TOPIC_UNKNOWN;
}

static const char *after_prefix(const char *topic, size_t len, const char *prefix)
{
    size_t prefix_len = strlen(prefix);
    return len > prefix_len && memcmp(topic, prefix, prefix_len) == 0 ? topic + prefix_len : NULL;
}

void topic_parse(const char *topic, size_t len, struct topic *out)
{
    static const char dropped[] = "$SYS/broker/publish/messages/dropped";
    struct topic found = {0};
    const char *end = topic + len;
    const char *name = after_prefix(topic, len, "meters/");
    if (name) {
        const char *slash = memchr(name, '/', (size_t)(end - name));
        if (slash && text_is_name(name, (size_t)(slash - name))) {
            found.kind = meter_topic(slash, (size_t)(end - slash));
            memcpy(found.name, name, (size_t)(slash - name));
        }
    } else if ((name = after_prefix(topic, len, "provision/requests/"))) {
        if (text_is_name(name, (size_t)(end - name))) {
            found.kind = TOPIC_PROVISION;
            memcpy(found.name, name, (size_t)(end - name));
        }
    } else if (len == sizeof dropped - 1 && memcmp(topic, dropped, len) == 0) {
        found.kind = TOPIC_DROPPED;
    }
    *out = found;
}
