#include "print/words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

static const char *const words[WORD_COUNT][2] = {
    [WORD_TITLE] = {"Conta de energia elétrica", "Electricity bill"},
    [WORD_NUMBER] = {"Conta nº %s", "Bill no. %s"},
    [WORD_EDITION] = {"%sª edição, corrige a nº %s", "edition %s, corrects no. %s"},
    [WORD_ISSUED_ON] = {"emitida em %s", "issued %s"},
    [WORD_TOTAL_DUE] = {"Total a pagar", "Total to pay"},
    [WORD_TOTAL_CORRECTED] = {"Total corrigido", "Corrected total"},
    [WORD_DIFFERENCE] = {"Diferença para a conta nº %s: %s", "Difference from bill no. %s: %s"},
    [WORD_TOTAL_SO_FAR] = {"Valor até agora", "Amount so far"},
    [WORD_DUE] = {"Vencimento", "Due date"},
    [WORD_PAID] = {"Paga", "Paid"},
    [WORD_CANCELLED] = {"Cancelada", "Cancelled"},
    [WORD_DRAFT] = {"Rascunho: ainda não é cobrança", "Draft: not to be paid yet"},
    [WORD_OPEN] = {"Ciclo em aberto: ainda não é cobrança", "Open cycle: not to be paid yet"},
    [WORD_ACCOUNT] = {"Conta-contrato", "Account"},
    [WORD_METER] = {"Ponto de medição", "Metering point"},
    [WORD_DEVICE] = {"Medidor nº", "Meter serial no."},
    [WORD_TARIFF] = {"Tarifa", "Tariff"},
    [WORD_READ_BEFORE] = {"Leitura anterior", "Previous read"},
    [WORD_READ_NOW] = {"Leitura atual", "This read"},
    [WORD_READ_SO_FAR] = {"Fim do ciclo", "End of cycle"},
    [WORD_DAYS] = {"Dias", "Days"},
    [WORD_ENERGY] = {"Consumo", "Energy used"},
    [WORD_EXPORT] = {"Injetada na rede", "Sent to the grid"},
    [WORD_READ_NEXT] = {"Próxima leitura", "Next read"},
    [WORD_NEXT_NONE] = {"–", "–"},
    [WORD_LINES] = {"O que compõe esta conta", "What this bill is made of"},
    [WORD_ITEM] = {"Item", "Item"},
    [WORD_QUANTITY] = {"Quantidade", "Quantity"},
    [WORD_PRICE] = {"Preço unitário (%s)", "Unit price (%s)"},
    [WORD_AMOUNT] = {"Valor (%s)", "Amount (%s)"},
    [WORD_SPAN] = {"%s a %s", "%s to %s"},
    [WORD_NET_PRICE] = {"preço sem tributos %s", "price before tax %s"},
    [WORD_TAX_INSIDE] = {"inclui %s", "includes %s"},
    [WORD_SUBTOTAL] = {"Subtotal", "Subtotal"},
    [WORD_ROUNDING] = {"Arredondamento do total", "Rounding of the total"},
    [WORD_TOTAL] = {"Total", "Total"},
    [WORD_TAXES] = {"Tributos e encargos municipais", "Taxes and municipal charges"},
    [WORD_TAX_ADDED] = {"somado ao subtotal", "added to the subtotal"},
    [WORD_TAX_INCLUDED] = {"já incluído nos itens", "already inside the items"},
    [WORD_TAX_NONE] = {"Nenhum tributo nesta conta.", "No taxes on this bill."},
    [WORD_HISTORY] = {"Consumo dos últimos 12 meses", "Energy used over the last 12 months"},
    [WORD_HISTORY_WORDS] = {"Esta conta: %s. Média dos ciclos completos anteriores: %s.", "This bill: %s. Mean of the whole cycles before: %s."},
    [WORD_HISTORY_ALONE] = {"Esta conta: %s. Ainda não há ciclo completo anterior.", "This bill: %s. There is no whole cycle before it yet."},
    [WORD_HISTORY_PART] = {"* Faltam leituras deste ciclo.", "* Readings of this cycle are missing."},
    [WORD_LEGEND_MEASURED] = {"medido", "measured"},
    [WORD_LEGEND_ESTIMATED] = {"estimado", "estimated"},
    [WORD_NO_BILL] = {"sem conta", "no bill"},
    [WORD_PAY] = {"Como pagar", "How to pay"},
    [WORD_PAY_PIX] = {"PIX copia e cola", "PIX code (copy and paste)"},
    [WORD_PAY_BOLETO] = {"Código do boleto", "Boleto code"},
    [WORD_PAY_REFERENCE] = {"Referência do pagamento", "Payment reference"},
    [WORD_NOTES] = {"Observações", "Notes"},
    [WORD_NOTE_DRAFT] = {"Esta é a prévia de uma conta que ainda não foi emitida. Pode mudar até a emissão; não pague por ela.",
                         "This is the draft of a bill that has not been issued. It may change until then; do not pay by it."},
    [WORD_NOTE_OPEN] = {"O ciclo ainda corre: os valores são os conhecidos em %s. Não pague por este documento.",
                        "The cycle is still running: the amounts are those known on %s. Do not pay by this document."},
    [WORD_NOTE_FORECAST] = {"Previsão para o fim do ciclo: %s, provavelmente entre %s e %s.",
                            "Forecast for the end of the cycle: %s, likely between %s and %s."},
    [WORD_NOTE_NO_TARIFF] = {"Este ponto de medição não tem tarifa: há energia medida, mas nenhum valor.",
                             "This metering point has no tariff: there is energy, but no amount."},
    [WORD_NOTE_CORRECTS] =
        {"Esta conta corrige e substitui a conta nº %s, de %s. Diferença em relação a ela: %s. Quem já a pagou deve, ou recebe, só a diferença.",
         "This bill corrects and replaces bill no. %s, of %s. The difference from it: %s. Whoever has paid it owes, or is owed, the difference "
         "alone."},
    [WORD_NOTE_CAUSE_READINGS] = {"Motivo: leituras recebidas depois da emissão (%s).", "Because of readings received after it was issued (%s)."},
    [WORD_NOTE_CAUSE_DECISIONS] = {"Motivo: decisões sobre leituras (%s).", "Because of decisions on readings (%s)."},
    [WORD_NOTE_CAUSE_TARIFF] = {"Motivo: mudança da tarifa.", "Because the tariff changed."},
    [WORD_NOTE_ESTIMATED] = {"Consumo estimado: %s de %s (%s).", "Estimated energy: %s of %s (%s)."},
    [WORD_NOTE_ESTIMATED_CYCLES] = {"Ciclos seguidos faturados sobretudo por estimativa, com este: %s.",
                                    "Cycles in a row billed mostly by estimate, this one included: %s."},
    [WORD_NOTE_ESTIMATED_BEYOND] = {"É mais do que se permite: o medidor precisa ser lido.", "That is more than is allowed: the meter must be read."},
    [WORD_NOTE_INCOMPLETE] = {"Faltam leituras de uma parte deste ciclo.", "Readings of a part of this cycle are missing."},
    [WORD_NOTE_BILLED] = {"Energia faturada: %s (medida: %s).", "Energy billed: %s (measured: %s)."},
    [WORD_NOTE_CREDIT] = {"Créditos %s: saldo anterior %s, gerados %s, recebidos %s, usados %s, saldo atual %s.",
                          "Credits %s: brought forward %s, earned %s, received %s, used %s, balance %s."},
    [WORD_NOTE_CREDIT_LOST] = {"Vencidos %s, acertados %s.", "Expired %s, settled %s."},
    [WORD_NOTE_ACTS] = {"Preços conforme: %s.", "Prices by: %s."},
    [WORD_NOTE_SAID] = {"Observação da tarifa: %s.", "Remark of the tariff: %s."},
    [WORD_QUALITY_ESTIMATED] = {"estimado", "estimated"},
    [WORD_QUALITY_PARTIAL] = {"parcial", "partial"},
    [WORD_QUALITY_EDITED] = {"corrigido", "edited"},
    [WORD_QUALITY_MISSING] = {"sem dados", "missing"},
    [WORD_FOOT] = {"%s · dados de %s (UTC)", "%s · data as of %s (UTC)"},
    [WORD_FOOT_HASH] = {"Código de conferência (SHA-256): %s", "Check code (SHA-256): %s"},
    [WORD_PAGE] = {"Página %s de %s", "Page %s of %s"},
};

const char *word(enum tongue tongue, enum word which)
{
    return words[which][tongue];
}

struct name {
    const char *id;
    const char *name[2];
};

/* The same ids as the page knows (webapp/src/shared/bill/line-name.ts). */
static const struct name charges[] = {
    {"energy", {"Energia", "Energy"}},
    {"fixed", {"Custo fixo", "Fixed charge"}},
    {"standing", {"Custo fixo", "Fixed charge"}},
    {"service", {"Custo fixo", "Fixed charge"}},
    {"base", {"Custo fixo", "Fixed charge"}},
    {"flag", {"Bandeira tarifária", "Tariff flag"}},
    {"minimum", {"Custo de disponibilidade", "Minimum charge"}},
    {"maximum", {"Teto de preço", "Price cap"}},
    {"credits", {"Créditos usados", "Credits used"}},
    {"true_up", {"Acerto anual de créditos", "Yearly settlement of credits"}},
    {"social", {"Desconto social", "Social discount"}},
    {"demand", {"Demanda", "Demand"}},
    {"lighting", {"Iluminação pública", "Public lighting"}},
    {"public_lighting", {"Iluminação pública", "Public lighting"}},
    {"cosip", {"Iluminação pública", "Public lighting"}},
    {"cip", {"Iluminação pública", "Public lighting"}},
};
static const struct name windows[] = {
    {"off", {"fora de ponta", "off-peak"}},
    {"mid", {"intermediário", "intermediate"}},
    {"peak", {"ponta", "peak"}},
};
#define NAME_IN(table_, tongue_, id_) name_in(table_, sizeof(table_) / sizeof(table_)[0], tongue_, id_)

static const char *name_in(const struct name *table, size_t count, enum tongue tongue, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].id, id) == 0)
            return table[i].name[tongue];
    return NULL;
}

/* "icms_pis_cofins" is a tax that stands for three: "ICMS + PIS + COFINS". False where a part is none. */
static bool tax_name(const char *id, char *out, size_t size)
{
    static const char *const taxes[] = {"icms", "pis", "cofins", "pasep", "vat", "iss"};
    size_t used = 0;
    for (const char *at = id; *at != '\0';) {
        size_t len = strcspn(at, "_");
        bool known = false;
        for (size_t i = 0; i < sizeof taxes / sizeof taxes[0]; i++)
            known = known || (strlen(taxes[i]) == len && memcmp(taxes[i], at, len) == 0);
        if (!known || used + len + 4 > size)
            return false;
        used += (size_t)snprintf(out + used, size - used, used > 0 ? " + " : "");
        for (size_t i = 0; i < len; i++)
            out[used++] = (char)(at[i] - 'a' + 'A');
        at += len + (at[len] == '_' && at[len + 1] != '\0');
    }
    out[used] = '\0';
    return used > 0;
}

void line_name(enum tongue tongue, const char *id, char out[LINE_NAME_SIZE])
{
    char own[128], tax[LINE_NAME_SIZE], tier[40] = "";
    text_copy(own, sizeof own, id);
    char *mark = strstr(own, ".tier");
    if (mark != NULL && mark[5] != '\0' && strspn(mark + 5, "0123456789") == strlen(mark + 5)) {
        snprintf(tier, sizeof tier, tongue == TONGUE_EN ? ", tier %.20s" : ", faixa %.20s", mark + 5);
        *mark = '\0';
    }
    char *window = strchr(own, '.');
    if (window != NULL)
        *window++ = '\0';
    const char *charge = NAME_IN(charges, tongue, own);
    if (charge == NULL)
        charge = tax_name(own, tax, sizeof tax) ? tax : own;
    const char *when = window != NULL ? NAME_IN(windows, tongue, window) : NULL;
    snprintf(out, LINE_NAME_SIZE, "%.100s%s%.40s%s", charge, window != NULL ? " · " : "", when != NULL ? when : window != NULL ? window : "", tier);
}

const char *unit_name(enum tongue tongue, const char *unit, const char *quantity)
{
    static const struct {
        const char *unit, *one[2], *more[2];
    } units[] = {{"day", {"dia", "day"}, {"dias", "days"}},
                 {"month", {"mês", "month"}, {"meses", "months"}},
                 {"bill", {"conta", "bill"}, {"contas", "bills"}}};
    bool single = strcmp(quantity, "1") == 0 || (text_starts_with(quantity, "1.") && strspn(quantity + 2, "0") == strlen(quantity + 2));
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].unit, unit) == 0)
            return single ? units[i].one[tongue] : units[i].more[tongue];
    return unit;
}
