#include "meter/menu_line.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static const struct {
    const char *word;
    enum menu_wish wish;
} words[] = {
    {"+", MENU_RAISE},      {"raise", MENU_RAISE}, {"up", MENU_RAISE},    {"aumentar", MENU_RAISE}, {"a", MENU_RAISE},
    {"-", MENU_LOWER},      {"lower", MENU_LOWER}, {"down", MENU_LOWER},  {"diminuir", MENU_LOWER}, {"d", MENU_LOWER},
    {"=", MENU_SET},        {"set", MENU_SET},     {"definir", MENU_SET}, {"show", MENU_SHOW},      {"s", MENU_SHOW},
    {"mostrar", MENU_SHOW}, {"m", MENU_SHOW},      {"help", MENU_HELP},   {"h", MENU_HELP},         {"?", MENU_HELP},
    {"ajuda", MENU_HELP},   {"quit", MENU_QUIT},   {"q", MENU_QUIT},      {"exit", MENU_QUIT},      {"sair", MENU_QUIT},
};

static struct menu_line with_number(enum menu_wish wish, const char *number)
{
    struct menu_line line = {.wish = wish, .watts = MENU_STEP_W};
    if (number[0] == '\0')
        return wish == MENU_SET ? (struct menu_line){.wish = MENU_BAD_NUMBER} : line;
    if (!text_to_int64(number, &line.watts) || line.watts < 0 || line.watts > MENU_RATE_MAX_W)
        return (struct menu_line){.wish = MENU_BAD_NUMBER};
    return line;
}

/* Splits "+250" and "set 250" into a word and what follows, both without blanks. */
static bool split(const char *text, char word[24], char rest[24])
{
    char copy[64];
    size_t len = strlen(text);
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    while (len > 0 && isspace((unsigned char)*text)) {
        text++;
        len--;
    }
    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    size_t at = copy[0] != '\0' && strchr("+-=", copy[0]) != NULL ? 1 : strcspn(copy, " \t");
    size_t next = at + strspn(copy + at, " \t");
    if (at >= 24 || strlen(copy + next) >= 24)
        return false;
    memcpy(word, copy, at);
    word[at] = '\0';
    text_copy(rest, 24, copy + next);
    return true;
}

struct menu_line menu_parse(const char *text)
{
    char word[24], rest[24];
    if (!split(text, word, rest))
        return (struct menu_line){.wish = MENU_UNKNOWN};
    if (word[0] == '\0')
        return (struct menu_line){.wish = MENU_NOTHING};
    if (isdigit((unsigned char)word[0]))
        return rest[0] == '\0' ? with_number(MENU_SET, word) : (struct menu_line){.wish = MENU_BAD_NUMBER};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(word, words[i].word) != 0)
            continue;
        enum menu_wish wish = words[i].wish;
        if (wish == MENU_RAISE || wish == MENU_LOWER || wish == MENU_SET)
            return with_number(wish, rest);
        return (struct menu_line){.wish = rest[0] == '\0' ? wish : MENU_UNKNOWN};
    }
    return (struct menu_line){.wish = MENU_UNKNOWN};
}

enum menu_language menu_language(const char *setting, const char *lang)
{
    const char *name = setting[0] != '\0' ? setting : lang;
    return name != NULL && strncasecmp(name, "pt", 2) == 0 ? MENU_PT : MENU_EN;
}

void menu_say_help(enum menu_language language, struct buf *out)
{
    static const char *const help[] = {
        [MENU_EN] = "  +  [W]   raise the consumption rate (by 100 W)\n"
                    "  -  [W]   lower it\n"
                    "  =  W     set it, or type just the number\n"
                    "  s        show rate and total\n"
                    "  h        this help\n"
                    "  q        leave\n",
        [MENU_PT] = "  +  [W]   aumentar o consumo (em 100 W)\n"
                    "  -  [W]   diminuir o consumo\n"
                    "  =  W     definir o consumo, ou digite só o número\n"
                    "  m        mostrar consumo e total\n"
                    "  ajuda    esta ajuda\n"
                    "  sair     sair\n",
    };
    buf_str(out, help[language]);
}

void menu_say_state(enum menu_language language, const struct menu_view *view, struct buf *out)
{
    static const char *const state[] = {
        [MENU_EN] = "%s: %" PRId64 " W, total %" PRId64 "%c%03" PRId64 " kWh, every %" PRId64 " ms, %s, %" PRId64 " readings without receipt\n",
        [MENU_PT] = "%s: %" PRId64 " W, total %" PRId64 "%c%03" PRId64 " kWh, a cada %" PRId64 " ms, %s, %" PRId64 " leituras sem recibo\n",
    };
    const char *connected =
        language == MENU_PT ? (view->connected ? "conectado" : "desconectado") : (view->connected ? "connected" : "not connected");
    char line[256];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* one of the two texts above */
    snprintf(line, sizeof line, state[language], view->meter_id, view->rate_w, view->register_wh / 1000, language == MENU_PT ? ',' : '.',
             view->register_wh % 1000, view->interval_ms, connected, view->kept);
#pragma GCC diagnostic pop
    buf_str(out, line);
}

void menu_say_rate(enum menu_language language, int64_t rate_w, struct buf *out)
{
    buf_printf(out, "%s: %" PRId64 " W\n", language == MENU_PT ? "consumo" : "rate", rate_w);
}

void menu_say_unknown(enum menu_language language, bool bad_number, struct buf *out)
{
    if (bad_number)
        buf_str(out, language == MENU_PT ? "um número inteiro de 0 a 100000, em W\n" : "a whole number of 0 to 100000, in W\n");
    else
        buf_str(out, language == MENU_PT ? "não entendi; \"ajuda\" mostra os comandos\n" : "not understood; \"h\" shows the commands\n");
}

void menu_say_goodbye(enum menu_language language, struct buf *out)
{
    buf_str(out, language == MENU_PT ? "saindo…\n" : "leaving…\n");
}
