/* report-table.c — precision, recall, F1 and support, a row for each digit.
 * SPDX-License-Identifier: MIT */

#include "app/report-table.h"

#include "engine/score-texts.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define DECIMALS 3
#define BESIDE_DECIMALS 2 /* the thesis's own */
#define SIGN_WEAK "▾"

struct _RaqamReportTable
{
  GtkWidget parent_instance;

  GPtrArray *columns; /* of GtkSizeGroup */

  /* While rows are being made. */
  GtkWidget *row;
  guint      column;
  GString   *said;
};

G_DEFINE_FINAL_TYPE (RaqamReportTable, raqam_report_table, GTK_TYPE_WIDGET)

static void
begin_row (RaqamReportTable *self, const char *css_class)
{
  self->row = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_ROW, NULL);
  gtk_widget_add_css_class (self->row, "report-row");
  if (css_class != NULL)
    gtk_widget_add_css_class (self->row, css_class);
  gtk_widget_set_parent (self->row, GTK_WIDGET (self));
  self->column = 0;
  self->said = g_string_new (NULL);
}

static void
end_row (RaqamReportTable *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->said->str, -1);
  g_string_free (self->said, TRUE);
  self->said = NULL;
  self->row = NULL;
}

static GtkSizeGroup *
size_group (RaqamReportTable *self, guint column)
{
  while (self->columns->len <= column)
    g_ptr_array_add (self->columns, gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL));
  return g_ptr_array_index (self->columns, column);
}

/* Adds a cell; the first of a row is its heading and takes the room that is left. */
static GtkWidget *
add_cell (RaqamReportTable *self, const char *text)
{
  GtkAccessibleRole role = self->column == 0 ? GTK_ACCESSIBLE_ROLE_ROW_HEADER
                           : text[0] == '\0' ? GTK_ACCESSIBLE_ROLE_PRESENTATION
                                             : GTK_ACCESSIBLE_ROLE_CELL;
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", role, "label", text, "xalign",
                                   self->column == 0 ? 0.0 : 1.0, "hexpand", TRUE, NULL);

  gtk_widget_add_css_class (label, "numeric");
  gtk_size_group_add_widget (size_group (self, self->column), label);
  gtk_box_append (GTK_BOX (self->row), label);
  self->column++;
  return label;
}

static void
say (RaqamReportTable *self, const char *text)
{
  if (self->said->len > 0)
    /* Translators: what stands between the parts of a list that is read out */
    g_string_append (self->said, _(", "));
  g_string_append (self->said, text);
}

static void
say_figure (RaqamReportTable *self, RaqamScore score, const char *value)
{
  g_autofree char *text = g_strdup_printf ("%s %s", raqam_score_name (score), value);

  say (self, text);
}

static void
add_figure (RaqamReportTable *self, RaqamScore score, double value)
{
  g_autofree char *number = raqam_format_number (value, DECIMALS);
  gboolean weak = value < RAQAM_REPORT_WEAK;
  g_autofree char *text = weak ? g_strconcat (SIGN_WEAK, " ", number, NULL) : g_strdup (number);
  GtkWidget *label = add_cell (self, text);

  say_figure (self, score, number);
  if (weak)
    {
      gtk_widget_add_css_class (label, "error");
      gtk_widget_add_css_class (label, "weak");
      say (self, _("weak"));
    }
}

/* "+0.02", "−0.01"; one that rounds to nothing has no sign. */
static char *
format_difference (double difference)
{
  g_autofree char *number = raqam_format_number (fabs (difference), BESIDE_DECIMALS);
  gboolean none = fabs (difference) < 0.5 * pow (10, -BESIDE_DECIMALS);

  return g_strconcat (none ? "" : difference > 0 ? "+" : "−", number, NULL);
}

static void
add_three (RaqamReportTable *self, RaqamScore score, double value, double beside)
{
  g_autofree char *number = raqam_format_number (value, BESIDE_DECIMALS);
  g_autofree char *other = raqam_format_number (beside, BESIDE_DECIMALS);
  g_autofree char *difference = format_difference (value - beside);
  GtkWidget *label;

  gtk_widget_add_css_class (add_cell (self, number), "first-of-three");
  gtk_widget_add_css_class (add_cell (self, other), "dim-label");
  label = add_cell (self, difference);
  if (value - beside > 0.5 * pow (10, -BESIDE_DECIMALS))
    gtk_widget_add_css_class (label, "success");
  else if (beside - value > 0.5 * pow (10, -BESIDE_DECIMALS))
    gtk_widget_add_css_class (label, "error");
  say_figure (self, score, number);
  say (self, difference);
}

static void
add_support (RaqamReportTable *self, guint64 support)
{
  g_autofree char *number = raqam_format_integer ((gint64) support);

  add_cell (self, number);
  say_figure (self, RAQAM_SCORE_SUPPORT, number);
}

static void
add_row (RaqamReportTable *self, const char *name, const RaqamReportRow *row,
         const RaqamReportRow *beside)
{
  const struct
  {
    RaqamScore score;
    double value, other;
  } figures[] = {
    { RAQAM_SCORE_PRECISION, row->precision, beside != NULL ? beside->precision : 0 },
    { RAQAM_SCORE_RECALL, row->recall, beside != NULL ? beside->recall : 0 },
    { RAQAM_SCORE_F1, row->f1, beside != NULL ? beside->f1 : 0 },
  };

  begin_row (self, NULL);
  gtk_widget_add_css_class (add_cell (self, name), "heading");
  say (self, name);
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    if (beside != NULL)
      add_three (self, figures[i].score, figures[i].value, figures[i].other);
    else
      add_figure (self, figures[i].score, figures[i].value);
  if (beside == NULL)
    add_support (self, row->support);
  end_row (self);
}

/* Accuracy stands in the column of F1, as scikit-learn prints it. */
static void
add_accuracy (RaqamReportTable *self, const RaqamReport *report, const RaqamReport *beside)
{
  begin_row (self, "report-summary");
  gtk_widget_add_css_class (add_cell (self, raqam_score_name (RAQAM_SCORE_ACCURACY)), "heading");
  for (int i = 0; i < (beside != NULL ? 6 : 2); i++)
    add_cell (self, "");
  if (beside != NULL)
    add_three (self, RAQAM_SCORE_ACCURACY, report->accuracy, beside->accuracy);
  else
    {
      add_figure (self, RAQAM_SCORE_ACCURACY, report->accuracy);
      add_support (self, report->macro.support);
    }
  end_row (self);
}

static void
add_heading (RaqamReportTable *self, RaqamScore score)
{
  GtkWidget *label = add_cell (self, raqam_score_name (score));

  gtk_widget_set_tooltip_text (label, raqam_score_meaning (score));
  say (self, raqam_score_name (score));
}

static void
add_headings (RaqamReportTable *self, const char *other)
{
  static const RaqamScore scores[] = { RAQAM_SCORE_PRECISION, RAQAM_SCORE_RECALL, RAQAM_SCORE_F1 };

  begin_row (self, "report-headings");
  add_cell (self, _("Digit"));
  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    {
      add_heading (self, scores[i]);
      if (other != NULL)
        {
          add_cell (self, other);
          add_cell (self, "±");
        }
    }
  if (other == NULL)
    add_heading (self, RAQAM_SCORE_SUPPORT);
  end_row (self);
}

static void
clear (RaqamReportTable *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_ptr_array_set_size (self->columns, 0);
}

void
raqam_report_table_set (RaqamReportTable *self, const RaqamReport *report,
                        const RaqamReport *beside, const char *other)
{
  g_return_if_fail (RAQAM_IS_REPORT_TABLE (self));
  g_return_if_fail (beside == NULL || (beside->n_rows == report->n_rows && other != NULL));

  clear (self);
  if (beside != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "beside");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "beside");
  add_headings (self, beside != NULL ? other : NULL);
  for (int i = 0; i < report->n_rows; i++)
    add_row (self, raqam_format_persian_digit (report->rows[i].label), &report->rows[i],
             beside != NULL ? &beside->rows[i] : NULL);
  add_accuracy (self, report, beside);
  add_row (self, raqam_score_name (RAQAM_SCORE_MACRO_AVERAGE), &report->macro,
           beside != NULL ? &beside->macro : NULL);
  add_row (self, raqam_score_name (RAQAM_SCORE_WEIGHTED_AVERAGE), &report->weighted,
           beside != NULL ? &beside->weighted : NULL);
}

static void
raqam_report_table_dispose (GObject *object)
{
  RaqamReportTable *self = RAQAM_REPORT_TABLE (object);

  if (self->columns != NULL)
    clear (self);
  g_clear_pointer (&self->columns, g_ptr_array_unref);

  G_OBJECT_CLASS (raqam_report_table_parent_class)->dispose (object);
}

static void
raqam_report_table_class_init (RaqamReportTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_report_table_dispose;

  gtk_widget_class_set_css_name (widget_class, "reporttable");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TABLE);
}

static void
raqam_report_table_init (RaqamReportTable *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  self->columns = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Figures of each digit"), -1);
}
