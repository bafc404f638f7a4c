/* test-mailbox.c — reports arrive once, in order, and coalesce where they may.
 * SPDX-License-Identifier: MIT */

#include "engine/mailbox.h"

typedef struct
{
  GString *seen;
  gint     n_freed; /* atomic */
} Target;

/* A report: a text, and who counts its end. */
typedef struct
{
  char   *text;
  Target *target;
} Note;

static void
deliver (gpointer target, gpointer report)
{
  g_string_append (((Target *) target)->seen, ((Note *) report)->text);
}

static void
free_note (gpointer report)
{
  Note *note = report;

  g_atomic_int_inc (&note->target->n_freed);
  g_free (note->text);
  g_free (note);
}

static gpointer
keep_newer (gpointer older, gpointer newer)
{
  return raqam_mailbox_keep_newer (older, newer, free_note);
}

static const RaqamReportClass EVERY = { deliver, free_note, NULL };
static const RaqamReportClass NEWEST = { deliver, free_note, keep_newer };

static void
post (RaqamMailbox *mailbox, Target *target, const RaqamReportClass *klass, guint key, const char *text)
{
  Note *note = g_new0 (Note, 1);

  note->text = g_strdup (text);
  note->target = target;
  raqam_mailbox_post (mailbox, klass, key, note);
}

static void
run_pending (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_order (void)
{
  Target target = { g_string_new (NULL), 0 };
  RaqamMailbox *mailbox = raqam_mailbox_new (&target);

  post (mailbox, &target, &EVERY, 0, "a");
  post (mailbox, &target, &NEWEST, 0, "1");
  post (mailbox, &target, &EVERY, 0, "b");
  post (mailbox, &target, &NEWEST, 0, "2");
  post (mailbox, &target, &NEWEST, 1, "x");
  post (mailbox, &target, &NEWEST, 0, "3");
  g_assert_cmpstr (target.seen->str, ==, "");
  run_pending ();
  g_assert_cmpstr (target.seen->str, ==, "a3bx");
  g_assert_cmpint (target.n_freed, ==, 6);

  post (mailbox, &target, &NEWEST, 0, "4");
  run_pending ();
  g_assert_cmpstr (target.seen->str, ==, "a3bx4");

  raqam_mailbox_close (mailbox);
  raqam_mailbox_unref (mailbox);
  g_string_free (target.seen, TRUE);
}

static void
test_closed (void)
{
  Target target = { g_string_new (NULL), 0 };
  RaqamMailbox *mailbox = raqam_mailbox_new (&target);

  post (mailbox, &target, &EVERY, 0, "a");
  raqam_mailbox_close (mailbox);
  post (mailbox, &target, &EVERY, 0, "b");
  run_pending ();
  g_assert_cmpstr (target.seen->str, ==, "");
  g_assert_cmpint (target.n_freed, ==, 2);

  raqam_mailbox_unref (mailbox);
  g_string_free (target.seen, TRUE);
}

static RaqamMailbox *closing;

static void
deliver_and_close (gpointer target, gpointer report)
{
  deliver (target, report);
  raqam_mailbox_close (closing);
}

static void
test_closed_by_a_handler (void)
{
  static const RaqamReportClass LAST = { deliver_and_close, free_note, NULL };
  Target target = { g_string_new (NULL), 0 };

  closing = raqam_mailbox_new (&target);
  post (closing, &target, &EVERY, 0, "a");
  post (closing, &target, &LAST, 0, "b");
  post (closing, &target, &EVERY, 0, "c");
  run_pending ();
  g_assert_cmpstr (target.seen->str, ==, "ab");
  g_assert_cmpint (target.n_freed, ==, 3);

  raqam_mailbox_unref (closing);
  g_string_free (target.seen, TRUE);
}

#define N_POSTS 20000

typedef struct
{
  RaqamMailbox *mailbox;
  Target       *target;
} Poster;

static gpointer
post_many (gpointer data)
{
  Poster *poster = data;

  for (int i = 0; i < N_POSTS; i++)
    {
      post (poster->mailbox, poster->target, &EVERY, 0, ".");
      post (poster->mailbox, poster->target, &NEWEST, 0, "");
    }

  return NULL;
}

static void
test_threads (void)
{
  Target target = { g_string_new (NULL), 0 };
  RaqamMailbox *mailbox = raqam_mailbox_new (&target);
  Poster poster = { mailbox, &target };
  GThread *threads[3];

  for (int i = 0; i < 3; i++)
    threads[i] = g_thread_new ("poster", post_many, &poster);
  while (target.seen->len < 3 * N_POSTS)
    g_main_context_iteration (NULL, TRUE);
  for (int i = 0; i < 3; i++)
    g_thread_join (threads[i]);
  run_pending ();

  g_assert_cmpint (target.n_freed, ==, 6 * N_POSTS);
  raqam_mailbox_close (mailbox);
  raqam_mailbox_unref (mailbox);
  g_string_free (target.seen, TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mailbox/order", test_order);
  g_test_add_func ("/mailbox/closed", test_closed);
  g_test_add_func ("/mailbox/closed-by-a-handler", test_closed_by_a_handler);
  g_test_add_func ("/mailbox/threads", test_threads);

  return g_test_run ();
}
