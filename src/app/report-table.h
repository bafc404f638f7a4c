/* report-table.h — precision, recall, F1 and support, a row for each digit.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gtk/gtk.h>

#include "engine/confusion.h"

G_BEGIN_DECLS

/* A figure below it is marked: in bold, in another colour and by a sign. */
#define RAQAM_REPORT_WEAK 0.95

#define RAQAM_TYPE_REPORT_TABLE (raqam_report_table_get_type ())
G_DECLARE_FINAL_TYPE (RaqamReportTable, raqam_report_table, RAQAM, REPORT_TABLE, GtkWidget)

/**
 * raqam_report_table_set:
 * @report: of the ten digits; not kept
 * @beside: (nullable): another one of the ten digits: each figure is then shown with
 *   the other's and with the difference
 * @other: (nullable): what to call @beside, short
 */
void raqam_report_table_set (RaqamReportTable *self, const RaqamReport *report,
                             const RaqamReport *beside, const char *other);

G_END_DECLS
