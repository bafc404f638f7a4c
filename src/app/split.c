/* split.c — two widgets side by side where it is wide, else one above the other.
 * SPDX-License-Identifier: MIT */

#include "app/split.h"

struct _RaqamSplit
{
  GtkWidget parent_instance;

  int    threshold;
  int    spacing;
  double share;
};

enum
{
  PROP_THRESHOLD = 1,
  PROP_SHARE,
  PROP_SPACING,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamSplit, raqam_split, GTK_TYPE_WIDGET)

typedef struct
{
  int minimum, natural;
} Size;

static Size
child_size (GtkWidget *child, GtkOrientation orientation, int for_size)
{
  Size size = { 0, 0 };

  if (child != NULL)
    gtk_widget_measure (child, orientation, for_size, &size.minimum, &size.natural, NULL, NULL);
  return size;
}

static GtkWidget *
first_child (RaqamSplit *self)
{
  return gtk_widget_get_first_child (GTK_WIDGET (self));
}

static GtkWidget *
second_child (RaqamSplit *self)
{
  GtkWidget *first = first_child (self);

  return first != NULL ? gtk_widget_get_next_sibling (first) : NULL;
}

/* Width of the first child beside the second. */
static int
first_width (RaqamSplit *self, int width)
{
  Size a = child_size (first_child (self), GTK_ORIENTATION_HORIZONTAL, -1);
  Size b = child_size (second_child (self), GTK_ORIENTATION_HORIZONTAL, -1);
  int room = width - self->spacing;

  return CLAMP ((int) (room * self->share), a.minimum, MAX (a.minimum, room - b.minimum));
}

static gboolean
is_wide (RaqamSplit *self, int width)
{
  Size a = child_size (first_child (self), GTK_ORIENTATION_HORIZONTAL, -1);
  Size b = child_size (second_child (self), GTK_ORIENTATION_HORIZONTAL, -1);

  return width >= MAX (self->threshold, a.minimum + b.minimum + self->spacing);
}

static void
raqam_split_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  RaqamSplit *self = RAQAM_SPLIT (widget);
  gboolean wide = for_size >= 0 && is_wide (self, for_size);
  int width = wide ? first_width (self, for_size) : for_size;
  int rest = wide ? for_size - self->spacing - width : for_size;
  Size a, b;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      a = child_size (first_child (self), orientation, -1);
      b = child_size (second_child (self), orientation, -1);
      *minimum = MAX (a.minimum, b.minimum);
      *natural = MAX (a.natural + b.natural + self->spacing, self->threshold);
      return;
    }
  a = child_size (first_child (self), orientation, width);
  b = child_size (second_child (self), orientation, rest);
  *minimum = wide ? MAX (a.minimum, b.minimum) : a.minimum + b.minimum + self->spacing;
  *natural = wide ? MAX (a.natural, b.natural) : a.natural + b.natural + self->spacing;
}

static void
place (GtkWidget *child, int x, int y, int width, int height)
{
  if (child != NULL)
    gtk_widget_size_allocate (child, &(GtkAllocation) { x, y, width, height }, -1);
}

static void
allocate_beside (RaqamSplit *self, int width, int height)
{
  int first = first_width (self, width);
  int second = width - self->spacing - first;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    {
      place (second_child (self), 0, 0, second, height);
      place (first_child (self), second + self->spacing, 0, first, height);
    }
  else
    {
      place (first_child (self), 0, 0, first, height);
      place (second_child (self), first + self->spacing, 0, second, height);
    }
}

static void
allocate_above (RaqamSplit *self, int width, int height)
{
  Size a = child_size (first_child (self), GTK_ORIENTATION_VERTICAL, width);
  Size b = child_size (second_child (self), GTK_ORIENTATION_VERTICAL, width);
  GtkRequestedSize sizes[2] = { { NULL, a.minimum, a.natural }, { NULL, b.minimum, b.natural } };
  int room = MAX (0, height - self->spacing - a.minimum - b.minimum);
  int first;

  room = gtk_distribute_natural_allocation (room, 2, sizes);
  first = sizes[0].minimum_size + room / 2;
  place (first_child (self), 0, 0, width, first);
  place (second_child (self), 0, first + self->spacing, width, height - first - self->spacing);
}

static void
raqam_split_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RaqamSplit *self = RAQAM_SPLIT (widget);

  if (is_wide (self, width))
    allocate_beside (self, width, height);
  else
    allocate_above (self, width, height);
}

static GtkSizeRequestMode
raqam_split_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
raqam_split_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RaqamSplit *self = RAQAM_SPLIT (object);

  switch (id)
    {
    case PROP_THRESHOLD:
      self->threshold = g_value_get_int (value);
      break;
    case PROP_SHARE:
      self->share = g_value_get_double (value);
      break;
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_split_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RaqamSplit *self = RAQAM_SPLIT (object);

  switch (id)
    {
    case PROP_THRESHOLD:
      g_value_set_int (value, self->threshold);
      break;
    case PROP_SHARE:
      g_value_set_double (value, self->share);
      break;
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_split_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (raqam_split_parent_class)->dispose (object);
}

static void
raqam_split_class_init (RaqamSplitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = raqam_split_dispose;
  object_class->get_property = raqam_split_get_property;
  object_class->set_property = raqam_split_set_property;
  widget_class->get_request_mode = raqam_split_get_request_mode;
  widget_class->measure = raqam_split_measure;
  widget_class->size_allocate = raqam_split_size_allocate;

  props[PROP_THRESHOLD] = g_param_spec_int ("threshold", NULL, NULL, 0, G_MAXINT, 700, flags);
  props[PROP_SHARE] = g_param_spec_double ("share", NULL, NULL, 0, 1, 0.5, flags);
  props[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
raqam_split_init (RaqamSplit *self)
{
}
