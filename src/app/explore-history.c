/* explore-history.c — every picture that was gone to, to go back and forth among.
 * SPDX-License-Identifier: MIT */

#include "app/explore-history.h"

#include <stddef.h>
#include <string.h>

/* Styles without what is behind their last number in use: a day's steps are many. */
typedef struct
{
  gpointer before, after;
} Step;

struct _RaqamExploreHistory
{
  GPtrArray  *steps;
  RaqamStyle  style; /* what was gone to last */
  guint       place; /* steps before it can be undone, those from it on redone */
  const char *gesture;
  gint64      last;
};

static gsize
packed_size (const RaqamStyle *style)
{
  return offsetof (RaqamStyle, z) + sizeof style->z[0] * style->latent;
}

static gpointer
pack (const RaqamStyle *style)
{
  return g_memdup2 (style, packed_size (style));
}

static const RaqamStyle *
unpack (RaqamExploreHistory *self, gconstpointer packed)
{
  memset (&self->style, 0, sizeof self->style);
  memcpy (&self->style, packed, offsetof (RaqamStyle, z));
  memcpy (&self->style, packed, packed_size (&self->style));
  return &self->style;
}

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->before);
  g_free (step->after);
  g_free (step);
}

RaqamExploreHistory *
raqam_explore_history_new (void)
{
  RaqamExploreHistory *self = g_new0 (RaqamExploreHistory, 1);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  return self;
}

void
raqam_explore_history_free (RaqamExploreHistory *self)
{
  g_ptr_array_unref (self->steps);
  g_free (self);
}

void
raqam_explore_history_push (RaqamExploreHistory *self, const RaqamStyle *before,
                            const RaqamStyle *after, const char *gesture, gint64 now)
{
  gboolean goes_on = gesture != NULL && gesture == self->gesture && self->place > 0
                     && self->place == self->steps->len && now - self->last <= G_USEC_PER_SEC;

  self->gesture = gesture;
  self->last = now;
  if (goes_on)
    {
      Step *step = g_ptr_array_index (self->steps, self->place - 1);

      g_free (step->after);
      step->after = pack (after);
      return;
    }
  g_ptr_array_set_size (self->steps, (int) self->place);
  g_ptr_array_add (self->steps, g_memdup2 (&(Step) { pack (before), pack (after) }, sizeof (Step)));
  self->place++;
}

const RaqamStyle *
raqam_explore_history_undo (RaqamExploreHistory *self)
{
  self->gesture = NULL;
  if (!raqam_explore_history_can_undo (self))
    return NULL;
  return unpack (self, ((Step *) g_ptr_array_index (self->steps, --self->place))->before);
}

const RaqamStyle *
raqam_explore_history_redo (RaqamExploreHistory *self)
{
  self->gesture = NULL;
  if (!raqam_explore_history_can_redo (self))
    return NULL;
  return unpack (self, ((Step *) g_ptr_array_index (self->steps, self->place++))->after);
}

gboolean
raqam_explore_history_can_undo (const RaqamExploreHistory *self)
{
  return self->place > 0;
}

gboolean
raqam_explore_history_can_redo (const RaqamExploreHistory *self)
{
  return self->place < self->steps->len;
}

void
raqam_explore_history_clear (RaqamExploreHistory *self)
{
  g_ptr_array_set_size (self->steps, 0);
  self->place = 0;
  self->gesture = NULL;
}
