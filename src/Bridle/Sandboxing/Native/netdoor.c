/*
 * Stands in front of a confined command that may use the network: opens a listening socket on the loopback of the
 * network namespace it runs in, hands it to the proxy outside over a Unix socket, and becomes the command.
 * Nothing of it is left running, and no byte of the command's traffic goes through it.
 *
 *     netdoor SOCKET PORT PROGRAM [ARGUMENT ...]        PROGRAM is an absolute path
 *
 * The connection stays open in the command, far above the numbers that scripts use (as far as the limit on open files lets it); its end tells the proxy that the
 * command and all that it started are gone. No C library and no allocation: built by eng/build-netdoor, which prints
 * the same bytes from the same compiler.
 */
typedef long word;

#if defined(__x86_64__)
enum { WRITE = 1, CLOSE = 3, SOCKET = 41, CONNECT = 42, SENDMSG = 46, BIND = 49, LISTEN = 50, EXECVE = 59, EXIT = 60, FCNTL = 72 };
static word call(word number, word a, word b, word c)
{
    word result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call start\n");
#elif defined(__aarch64__)
enum { FCNTL = 25, CLOSE = 57, WRITE = 64, EXIT = 93, SOCKET = 198, BIND = 200, LISTEN = 201, CONNECT = 203, SENDMSG = 211, EXECVE = 221 };
static word call(word number, word a, word b, word c)
{
    register word x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}
__asm__(".globl _start\n_start: mov x0, sp\n bl start\n");
#else
#error "the system calls of this machine are not known"
#endif

enum { UNIX = 1, INET = 2, STREAM = 1, CLOSE_ON_EXEC = 02000000, NO_SIGNAL = 0x4000, DUPLICATE_FROM = 0, HIGH = 512, LOWEST = 8, SOCKET_LEVEL = 1, RIGHTS = 1, LONGEST = 107 };

struct unixPlace { unsigned short family; char path[108]; };
struct inetPlace { unsigned short family, port; unsigned int address; unsigned long zero; };
struct piece { void *start; unsigned long length; };
struct control { unsigned long length; int level, type, descriptor, padding; };
struct message { void *name; unsigned int nameLength, gap; struct piece *pieces; unsigned long pieceCount; void *control; unsigned long controlLength; int flags, end; };

static void fail(const char *why, unsigned long length)
{
    call(WRITE, 2, (word)why, (word)length);
    call(EXIT, 126, 0, 0);
}
#define FAIL(text) fail("netdoor: " text "\n", sizeof("netdoor: " text))

static word number(const char *text)
{
    word value = 0;
    for (; *text >= '0' && *text <= '9' && value < 100000; text++)
        value = value * 10 + (*text - '0');
    return *text ? 0 : value;
}

static word reach(const char *path)
{
    struct unixPlace place;
    word at = 0;
    place.family = UNIX;
    for (; path[at] && at < LONGEST; at++)
        ((volatile char *)place.path)[at] = path[at];
    ((volatile char *)place.path)[at] = 0;
    word door = call(SOCKET, UNIX, STREAM | CLOSE_ON_EXEC, 0);
    return path[at] || door < 0 || call(CONNECT, door, (word)&place, 2 + at + 1) < 0 ? -1 : door;
}

__attribute__((used)) void start(word *stack)
{
    word count = stack[0];
    char **arguments = (char **)(stack + 1), **environment = arguments + count + 1;
    if (count < 4)
        FAIL("usage: netdoor SOCKET PORT PROGRAM [ARGUMENT ...]");

    word port = number(arguments[2]);
    struct inetPlace place = { INET, (unsigned short)((port & 255) << 8 | port >> 8), 0x0100007f, 0 };
    word listener = call(SOCKET, INET, STREAM | CLOSE_ON_EXEC, 0);
    if (port < 1 || port > 65535 || listener < 0 || call(BIND, listener, (word)&place, sizeof place) < 0 || call(LISTEN, listener, 128, 0) < 0)
        FAIL("cannot listen on the loopback of the sandbox");

    word door = reach(arguments[1]);
    if (door < 0)
        FAIL("cannot reach the proxy");

    char letter = 'L';
    struct piece piece = { &letter, 1 };
    struct control control = { 20, SOCKET_LEVEL, RIGHTS, (int)listener, 0 };
    struct message message = { 0, 0, 0, &piece, 1, &control, sizeof control, 0, 0 };
    if (call(SENDMSG, door, (word)&message, NO_SIGNAL) != 1)
        FAIL("cannot hand the listener to the proxy");

    for (word from = HIGH; call(FCNTL, door, DUPLICATE_FROM, from) < 0; from /= 2)
        if (from <= LOWEST)
            FAIL("the limit on open files is too low");

    call(EXECVE, (word)arguments[3], (word)(arguments + 3), (word)environment);
    FAIL("cannot start the program");
}
