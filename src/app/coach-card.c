/* coach-card.c — the signs of trouble in a run, and what helps.
 * SPDX-License-Identifier: MIT */

#include "app/coach-card.h"

#include "app/ui.h"
#include "engine/timeline.h"
#include "print/format.h"

#include <glib/gi18n.h>

/* A sign, of those that hold or of those that are over. */
typedef struct
{
  AdwExpanderRow *row;
  GtkLabel *time;
  GtkLabel *evidence; /* of one that is over */
} Row;

struct _RaqamCoachCard
{
  AdwBin parent_instance;

  GtkListBox     *list;
  AdwExpanderRow *earlier_row;

  Row now[RAQAM_N_SIGNS];
  Row earlier[RAQAM_N_SIGNS];

  RaqamCoach   *coach;
  char         *folder;
  GFileMonitor *monitor;
};

G_DEFINE_FINAL_TYPE (RaqamCoachCard, raqam_coach_card, ADW_TYPE_BIN)

static const char *
icon_of (RaqamSeverity severity)
{
  return severity == RAQAM_SEVERITY_NOTE ? "dialog-information-symbolic" : "dialog-warning-symbolic";
}

static GtkLabel *
add_text (AdwExpanderRow *row, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_set_margin_top (label, 8);
  gtk_widget_set_margin_bottom (label, 8);
  adw_expander_row_add_row (row, label);
  return GTK_LABEL (label);
}

/* One that holds is an alert of its own: a screen reader says it when it comes to be shown. */
static GtkWidget *
icon_new (RaqamSignKind kind, gboolean over)
{
  RaqamSeverity severity = raqam_sign_severity (kind);
  g_autofree char *said = NULL;
  GtkWidget *icon;

  if (over)
    return gtk_image_new_from_icon_name (icon_of (severity));

  icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_of (severity), "accessible-role",
                       GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  /* Translators: said by a screen reader; then what it is */
  said = g_strdup_printf (_("Sign of trouble: %s"), raqam_sign_title (kind));
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, said, -1);
  if (severity == RAQAM_SEVERITY_SEVERE)
    gtk_widget_add_css_class (icon, "warning");
  return icon;
}

/* @kind's row, hidden */
static void
row_init (Row *row, RaqamSignKind kind, gboolean over)
{
  GtkWidget *time = gtk_label_new (NULL);

  row->row = g_object_new (ADW_TYPE_EXPANDER_ROW, "title", raqam_sign_title (kind), "use-markup",
                           FALSE, "visible", FALSE, NULL);
  row->time = GTK_LABEL (time);
  gtk_widget_add_css_class (time, "caption");
  gtk_widget_add_css_class (time, "dim-label");
  gtk_widget_add_css_class (time, "numeric");
  adw_expander_row_add_prefix (row->row, icon_new (kind, over));
  adw_expander_row_add_action (row->row, time);
  if (over)
    row->evidence = add_text (row->row, NULL);
  add_text (row->row, raqam_sign_advice (kind));
}

/* "since epoch 3.2", "epochs 1.2 to 2.5" */
static char *
describe_time (const RaqamSign *sign)
{
  g_autofree char *began = raqam_format_number (sign->began, 2);
  g_autofree char *ended = sign->holds ? NULL : raqam_format_number (sign->ended, 2);

  /* Translators: when a trouble began */
  return sign->holds ? g_strdup_printf (_("since epoch %s"), began)
                     /* Translators: from when to when there was a trouble */
                     : g_strdup_printf (_("epochs %s to %s"), began, ended);
}

static void
row_show (Row *row, const RaqamSign *sign)
{
  g_autofree char *time = describe_time (sign);

  gtk_label_set_label (row->time, time);
  if (row->evidence != NULL)
    gtk_label_set_label (row->evidence, sign->evidence);
  else
    adw_expander_row_set_subtitle (row->row, sign->evidence);
  gtk_widget_set_visible (GTK_WIDGET (row->row), TRUE);
}

static void
hide (Row *row)
{
  gtk_widget_set_visible (GTK_WIDGET (row->row), FALSE);
  adw_expander_row_set_expanded (row->row, FALSE);
}

static void
show_signs (RaqamCoachCard *self)
{
  g_autoptr (GPtrArray) signs = raqam_coach_list (self->coach);
  const RaqamSign *of_kind[RAQAM_N_SIGNS] = { NULL };
  g_autofree char *number = NULL;
  guint n_over = 0;

  for (guint i = 0; i < signs->len; i++)
    {
      const RaqamSign *sign = signs->pdata[i];

      of_kind[sign->kind] = sign;
      n_over += !sign->holds;
    }
  for (RaqamSignKind kind = 0; kind < RAQAM_N_SIGNS; kind++)
    {
      const RaqamSign *sign = of_kind[kind];
      Row *shown = sign == NULL ? NULL : sign->holds ? &self->now[kind] : &self->earlier[kind];

      if (shown != &self->now[kind])
        hide (&self->now[kind]);
      if (shown != &self->earlier[kind])
        hide (&self->earlier[kind]);
      if (shown != NULL)
        row_show (shown, sign);
    }
  number = raqam_format_integer (n_over);
  adw_expander_row_set_subtitle (self->earlier_row, number);
  gtk_widget_set_visible (GTK_WIDGET (self->earlier_row), n_over > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), signs->len > 0);
}

static void
read_quality (RaqamCoachCard *self)
{
  g_autoptr (GArray) timeline = raqam_timeline_read (self->folder);

  raqam_coach_judge (self->coach, timeline);
  show_signs (self);
}

/* The file is replaced as a whole, so that each of these may be the one that tells. */
static void
changed_cb (RaqamCoachCard *self, GFile *file, GFile *other, GFileMonitorEvent event)
{
  if (event == G_FILE_MONITOR_EVENT_CHANGED || event == G_FILE_MONITOR_EVENT_CREATED
      || event == G_FILE_MONITOR_EVENT_DELETED || event == G_FILE_MONITOR_EVENT_RENAMED)
    read_quality (self);
}

static void
watch_quality (RaqamCoachCard *self)
{
  g_autofree char *path = g_build_filename (self->folder, "quality.csv", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  /* Where files cannot be watched, what is in them now is all that is known. */
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (changed_cb), self,
                             G_CONNECT_SWAPPED);
  read_quality (self);
}

void
raqam_coach_card_watch (RaqamCoachCard *self, const char *folder)
{
  g_return_if_fail (RAQAM_IS_COACH_CARD (self));

  g_clear_object (&self->monitor);
  raqam_coach_clear (self->coach);
  g_free (self->folder);
  self->folder = g_strdup (folder);
  adw_expander_row_set_expanded (self->earlier_row, FALSE);
  show_signs (self);
  if (folder != NULL)
    watch_quality (self);
}

void
raqam_coach_card_push (RaqamCoachCard *self, const RaqamPoint *points, guint n)
{
  g_return_if_fail (RAQAM_IS_COACH_CARD (self));

  if (raqam_coach_push (self->coach, points, n))
    show_signs (self);
}

void
raqam_coach_card_break_down (RaqamCoachCard *self)
{
  g_return_if_fail (RAQAM_IS_COACH_CARD (self));

  raqam_coach_break_down (self->coach);
  show_signs (self);
}

static void
raqam_coach_card_dispose (GObject *object)
{
  RaqamCoachCard *self = RAQAM_COACH_CARD (object);

  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (raqam_coach_card_parent_class)->dispose (object);
}

static void
raqam_coach_card_finalize (GObject *object)
{
  RaqamCoachCard *self = RAQAM_COACH_CARD (object);

  raqam_coach_free (self->coach);
  g_free (self->folder);

  G_OBJECT_CLASS (raqam_coach_card_parent_class)->finalize (object);
}

static void
raqam_coach_card_class_init (RaqamCoachCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_coach_card_dispose;
  G_OBJECT_CLASS (klass)->finalize = raqam_coach_card_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("coach-card"));
  gtk_widget_class_bind_template_child (widget_class, RaqamCoachCard, list);
  gtk_widget_class_bind_template_child (widget_class, RaqamCoachCard, earlier_row);
}

static void
raqam_coach_card_init (RaqamCoachCard *self)
{
  self->coach = raqam_coach_new (raqam_format_number);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int kind = RAQAM_N_SIGNS - 1; kind >= 0; kind--)
    {
      row_init (&self->now[kind], kind, FALSE);
      gtk_list_box_prepend (self->list, GTK_WIDGET (self->now[kind].row));
    }
  for (RaqamSignKind kind = 0; kind < RAQAM_N_SIGNS; kind++)
    {
      row_init (&self->earlier[kind], kind, TRUE);
      adw_expander_row_add_row (self->earlier_row, GTK_WIDGET (self->earlier[kind].row));
    }
}
