/* kernel.cc — a kernel's threads, one after another, each up to its next barrier.
 * SPDX-License-Identifier: MIT
 *
 * A fiber runs threads from start to end as long as none waits, so that a kernel
 * without barriers runs on one stack. A thread that waits keeps the fiber, and the
 * next threads get another. What runs next is taken from those that may go on
 * and, when there are none, from those that have not started.
 */

#include "emulator.h"
#include "fiber.h"
#include "gpu.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

#define MOST_THREADS 1024
#define MOST_SHARED (48u << 10) /* that a kernel has without asking */

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

enum Where
{
  NOT_STARTED,
  RUNS,
  WAITS_FOR_WARP,
  WAITS_FOR_BLOCK,
  ENDED,
};

struct Thread
{
  Where       where;
  int         line;     /* where it waits */
  void       *argument; /* for the warp */
  RaqamFiber *fiber;    /* that it waits on */
};

struct Warp
{
  int n_waiting;
  int line;
};

/* The launch that runs, and its block. */
static struct
{
  const char                   *name;
  const std::function<void ()> *body;
  void                         *shared;
  std::string                   fault; /* empty while there is none */

  int                 n_threads;
  Thread              threads[MOST_THREADS];
  Warp                warps[MOST_THREADS / 32];
  int                 n_block_waiting, block_line;
  std::vector<int>    order; /* of the threads' start */
  int                 n_started;
  int                 ready[2 * MOST_THREADS]; /* have waited and may go on, in a ring */
  unsigned            n_made_ready, n_resumed;
  int                 thread; /* that runs */
  RaqamFiber         *fiber;  /* that it runs on */
  uint32_t            random; /* of the shuffling; any sequence is good enough */
} launch;

/* Never destroyed, like the GPU. */
static std::vector<RaqamFiber *> &idle_fibers = *new std::vector<RaqamFiber *> ();

void *
raqam_emulator_shared (void)
{
  return launch.shared;
}

static uint3
index_of (int number, dim3 size)
{
  uint3 index;

  index.x = number % size.x;
  index.y = number / size.x % size.y;
  index.z = number / size.x / size.y;
  return index;
}

static std::string
describe (int thread)
{
  uint3 index = index_of (thread, blockDim);
  char text[80];

  snprintf (text, sizeof text, "thread (%u, %u, %u) of block (%u, %u, %u)", index.x, index.y,
            index.z, blockIdx.x, blockIdx.y, blockIdx.z);
  return text;
}

static void
set_fault (const std::string &what)
{
  if (launch.fault.empty ())
    launch.fault = what;
}

void
raqam_emulator_fault (const char *what, int line)
{
  set_fault (std::string (what) + ", line " + std::to_string (line) + ", "
             + describe (launch.thread));
}

void
raqam_emulator_need_compute (int compute, const char *what, int line)
{
  if (raqam_gpu ().settings.compute < compute)
    raqam_emulator_fault (what, line);
}

/* Order. */

/* Below @n; xorshift of Marsaglia (Journal of Statistical Software 8, 2003). */
static uint32_t
draw (uint32_t n)
{
  launch.random ^= launch.random << 13;
  launch.random ^= launch.random >> 17;
  launch.random ^= launch.random << 5;

  return (uint64_t (launch.random) * n) >> 32;
}

/* Puts numbers into the order that was asked for, from ascending. */
template <typename Numbers>
static void
put_in_order (Numbers begin, Numbers end)
{
  switch (raqam_gpu ().settings.order)
    {
    case RAQAM_EMULATOR_FORWARD:
      break;
    case RAQAM_EMULATOR_REVERSE:
      std::reverse (begin, end);
      break;
    case RAQAM_EMULATOR_SHUFFLED:
      for (auto n = end - begin; n > 1; n--)
        std::swap (begin[n - 1], begin[draw (n)]);
      break;
    }
}

static std::vector<int>
in_order (int n)
{
  std::vector<int> numbers (n);

  for (int i = 0; i < n; i++)
    numbers[i] = i;
  put_in_order (numbers.begin (), numbers.end ());
  return numbers;
}

/* Waiting. */

static RaqamFiber *next_fiber (void);

static bool
has_ready (void)
{
  return launch.n_resumed != launch.n_made_ready;
}

static void
wait_as (Where where, int line)
{
  int thread = launch.thread;
  uint3 index = threadIdx;
  Thread &self = launch.threads[thread];

  self.where = where;
  self.line = line;
  self.fiber = launch.fiber;
  launch.fiber = next_fiber ();
  if (launch.fiber != self.fiber)
    raqam_fiber_leave (launch.fiber);

  launch.thread = thread;
  threadIdx = index;
  self.where = RUNS;
}

/* Lets @n threads from @first go on, but for @except. */
static void
let_go (int first, int n, int except)
{
  int threads[MOST_THREADS], n_threads = 0;

  for (int i = first; i < first + n; i++)
    if (i != except)
      threads[n_threads++] = i;
  put_in_order (threads, threads + n_threads);
  for (int i = 0; i < n_threads; i++)
    launch.ready[launch.n_made_ready++ % (2 * MOST_THREADS)] = threads[i];
}

static void
check_line (const char *barrier, int line, int others)
{
  if (line != others)
    set_fault (std::string (barrier) + " in line " + std::to_string (line) + " by "
               + describe (launch.thread) + ", in line " + std::to_string (others) + " by others");
}

void
raqam_emulator_block_barrier (int line)
{
  if (launch.n_block_waiting++ == 0)
    launch.block_line = line;
  check_line ("a barrier of the block", line, launch.block_line);

  if (launch.n_block_waiting == launch.n_threads)
    {
      launch.n_block_waiting = 0;
      let_go (0, launch.n_threads, -1);
    }
  wait_as (WAITS_FOR_BLOCK, line);
}

void
raqam_emulator_warp_barrier (int line, void *argument, void (*all) (void **arguments))
{
  int first = launch.thread / 32 * 32;
  Warp &warp = launch.warps[first / 32];

  if (first + 32 > launch.n_threads)
    {
      raqam_emulator_fault ("a warp's function in a block with a part of a warp", line);
      return;
    }

  launch.threads[launch.thread].argument = argument;
  if (warp.n_waiting++ == 0)
    warp.line = line;
  check_line ("a warp's function", line, warp.line);
  if (warp.n_waiting < 32)
    {
      wait_as (WAITS_FOR_WARP, line);
      return;
    }

  warp.n_waiting = 0;
  if (all != nullptr && launch.fault.empty ())
    {
      void *arguments[32];

      for (int lane = 0; lane < 32; lane++)
        arguments[lane] = launch.threads[first + lane].argument;
      all (arguments);
    }
  let_go (first, 32, launch.thread);
}

/* Running. */

static void
fiber_main (void)
{
  for (;;)
    {
      while (!has_ready () && launch.n_started < launch.n_threads && launch.fault.empty ())
        {
          launch.thread = launch.order[launch.n_started++];
          threadIdx = index_of (launch.thread, blockDim);
          launch.threads[launch.thread].where = RUNS;
          (*launch.body) ();
          launch.threads[launch.thread].where = ENDED;
        }

      idle_fibers.push_back (launch.fiber);
      launch.fiber = nullptr;
      raqam_fiber_leave (nullptr);
    }
}

/* Returns: what runs next; NULL when nothing can, or nothing shall */
static RaqamFiber *
next_fiber (void)
{
  RaqamFiber *fiber;

  if (!launch.fault.empty ())
    return nullptr;
  if (has_ready ())
    return launch.threads[launch.ready[launch.n_resumed++ % (2 * MOST_THREADS)]].fiber;
  if (launch.n_started == launch.n_threads)
    return nullptr;
  if (idle_fibers.empty ())
    return raqam_fiber_new (fiber_main);

  fiber = idle_fibers.back ();
  idle_fibers.pop_back ();
  return fiber;
}

/* Nothing can run: whoever waits does so in vain. */
static void
find_stuck (void)
{
  int stuck = -1, ended = -1;

  for (int i = 0; i < launch.n_threads; i++)
    {
      Where where = launch.threads[i].where;

      if (where == WAITS_FOR_BLOCK || where == WAITS_FOR_WARP)
        stuck = i;
      else if (where == ENDED)
        ended = i;
    }
  if (stuck < 0)
    return;

  set_fault (describe (stuck) + " waits in line " + std::to_string (launch.threads[stuck].line)
             + " for threads that never come there"
             + (ended >= 0 ? ", such as " + describe (ended) + ", which has ended" : ""));
}

/* Threads in their midst are given up, with their stacks. */
static void
abandon (void)
{
  for (int i = 0; i < launch.n_threads; i++)
    if (launch.threads[i].where == WAITS_FOR_BLOCK || launch.threads[i].where == WAITS_FOR_WARP)
      raqam_fiber_free (launch.threads[i].fiber);
  launch.n_resumed = launch.n_made_ready;
}

static void
run_block (void)
{
  for (int i = 0; i < launch.n_threads; i++)
    launch.threads[i].where = NOT_STARTED;
  for (int i = 0; i < MOST_THREADS / 32; i++)
    launch.warps[i].n_waiting = 0;
  launch.n_block_waiting = 0;
  launch.n_started = 0;
  if (launch.order.size () != size_t (launch.n_threads)
      || raqam_gpu ().settings.order == RAQAM_EMULATOR_SHUFFLED)
    launch.order = in_order (launch.n_threads);

  while ((launch.fiber = next_fiber ()) != nullptr)
    raqam_fiber_enter (launch.fiber);

  find_stuck ();
  if (!launch.fault.empty ())
    abandon ();
}

static void
run_grid (const char *name, dim3 grid, dim3 block, size_t n_shared,
          const std::function<void ()> &body)
{
  void *shared = nullptr;
  size_t n_blocks = size_t (grid.x) * grid.y * grid.z;
  bool forward = raqam_gpu ().settings.order == RAQAM_EMULATOR_FORWARD;
  std::vector<int> order;

  if (n_shared > 0 && posix_memalign (&shared, 128, n_shared) != 0)
    {
      raqam_gpu_break (cudaErrorLaunchFailure);
      return;
    }

  launch.name = name;
  launch.body = &body;
  launch.shared = shared;
  launch.fault.clear ();
  launch.n_threads = block.x * block.y * block.z;
  launch.order.clear ();
  launch.random = raqam_gpu ().settings.seed * 2 + 1; /* not 0, which stays 0 */
  gridDim = grid;
  blockDim = block;
  if (!forward)
    order = in_order (n_blocks);

  for (size_t i = 0; i < n_blocks && launch.fault.empty (); i++)
    {
      size_t number = forward ? i : order[i];

      blockIdx.x = number % grid.x;
      blockIdx.y = number / grid.x % grid.y;
      blockIdx.z = number / grid.x / grid.y;
      if (shared != nullptr)
        memset (shared, 0xff, n_shared);
      run_block ();
    }

  free (shared);
  if (!launch.fault.empty ())
    {
      raqam_gpu_say ("%s: %s", name, launch.fault.c_str ());
      raqam_gpu_break (cudaErrorLaunchFailure);
    }
}

static bool
fits (const void *kernel, dim3 grid, dim3 block, size_t shared)
{
  const RaqamGpu &gpu = raqam_gpu ();
  auto limit = gpu.shared_limits.find (kernel);
  size_t most_shared = limit == gpu.shared_limits.end () ? MOST_SHARED : limit->second;
  size_t n_threads = size_t (block.x) * block.y * block.z;

  return n_threads >= 1 && n_threads <= MOST_THREADS && block.z <= 64
         && size_t (grid.x) * grid.y * grid.z >= 1 && grid.x <= 0x7fffffff && grid.y <= 65535
         && grid.z <= 65535 && shared <= std::max<size_t> (most_shared, MOST_SHARED);
}

void
raqam_emulator_launch_function (const void *kernel, const char *name, dim3 grid, dim3 block,
                                size_t shared, cudaStream_t stream, std::function<void ()> thread)
{
  RaqamGpu &gpu = raqam_gpu ();
  std::lock_guard lock (gpu.mutex);

  gpu.counts.launches++;
  if (!fits (kernel, grid, block, shared))
    {
      raqam_gpu_say ("%s cannot run with a grid of (%u, %u, %u), blocks of (%u, %u, %u) and %zu "
                     "bytes of shared memory",
                     name, grid.x, grid.y, grid.z, block.x, block.y, block.z, shared);
      raqam_gpu_status (cudaErrorInvalidConfiguration);
      return;
    }

  raqam_emulator_enqueue (stream, name, [=] { run_grid (name, grid, block, shared, thread); });
}
