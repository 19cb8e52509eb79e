using System.Runtime.InteropServices;
using System.Text;

namespace Bridle.Workspaces;

/// <summary>
/// <c>posix_spawn</c>: starts a program in a session of its own, in about the time that <c>vfork</c> takes and without a wrapper process.
/// </summary>
internal static unsafe partial class PosixSpawn
{
    private const string C = "libc";

    /// <summary>The number of the first descriptor that a program is handed.</summary>
    public const int FirstHanded = 3;

    // Larger than the structures are in any C library; they are only ever touched by it.
    private const int Opaque = 1024;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    /// <summary>Whether this C library can start a program in another folder (glibc 2.29, musl 1.1.24).</summary>
    public static bool IsPresent { get; } = LinuxCalls.Known && Exports("posix_spawn_file_actions_addchdir_np");

    private static bool ClosesInherited { get; } = LinuxCalls.Known && Exports("posix_spawn_file_actions_addclosefrom_np");

    /// <summary>Starts it with these ends of pipes (an input of -1 is none); the error number, or 0.</summary>
    public static int Start(string program, ProcessSpec spec, IReadOnlyList<string> environment, (int Input, int Output, int Error) pipes, out int id)
    {
        id = 0;
        using var memory = new NativeText();
        var argumentVector = memory.Vector([spec.Program, .. spec.Arguments]);
        var environmentVector = memory.Vector(environment);
        var actions = stackalloc byte[Opaque];
        var attributes = stackalloc byte[Opaque];
        var signals = stackalloc byte[Opaque];
        var failed = InitialiseActions(actions);
        if (failed != 0)
        {
            return failed;
        }

        failed = InitialiseAttributes(attributes);
        if (failed != 0)
        {
            _ = DestroyActions(actions);
            return failed;
        }

        try
        {
            failed = Describe(actions, attributes, signals, spec, pipes);
            var started = 0;
            failed = failed != 0 ? failed : Spawn(&started, memory.Text(program), actions, attributes, argumentVector, environmentVector);
            id = started;
            return failed;
        }
        finally
        {
            _ = DestroyAttributes(attributes);
            _ = DestroyActions(actions);
        }
    }

    private static int Describe(byte* actions, byte* attributes, byte* signals, ProcessSpec spec, (int Input, int Output, int Error) pipes)
    {
        // The runtime ignores SIGPIPE and catches others; a program must start as it would from a shell.
        _ = FillSignals(signals);
        var failed = SetDefaults(attributes, signals);
        _ = EmptySignals(signals);
        failed = failed != 0 ? failed : SetMask(attributes, signals);
        failed = failed != 0 ? failed : SetFlags(attributes, SetSignalDefaults | SetSignalMask | SetSession);
        failed = failed != 0 ? failed : pipes.Input < 0 ? AddOpen(actions, 0, "/dev/null", 0, 0) : AddDuplicate(actions, pipes.Input, 0);
        failed = failed != 0 ? failed : AddDuplicate(actions, pipes.Output, 1);
        failed = failed != 0 ? failed : AddDuplicate(actions, pipes.Error, 2);
        for (var at = 0; at < spec.Handed.Count; at++)
        {
            failed = failed != 0 ? failed : AddDuplicate(actions, spec.Handed[at], FirstHanded + at);
        }

        failed = failed != 0 ? failed : AddFolder(actions, spec.WorkingDirectory);
        return failed != 0 || !ClosesInherited ? failed : AddCloseFrom(actions, FirstHanded + spec.Handed.Count);
    }

    private static bool Exports(string name) =>
        NativeLibrary.TryLoad(C, typeof(PosixSpawn).Assembly, null, out var library) && NativeLibrary.TryGetExport(library, name, out _);

    [LibraryImport(C, EntryPoint = "posix_spawn")]
    private static partial int Spawn(int* id, byte* path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitialiseActions(byte* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddFolder(byte* actions, string folder);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int AddCloseFrom(byte* actions, int first);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_init")]
    private static partial int InitialiseAttributes(byte* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(byte* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport(C, EntryPoint = "sigfillset")]
    private static partial int FillSignals(byte* signals);

    [LibraryImport(C, EntryPoint = "sigemptyset")]
    private static partial int EmptySignals(byte* signals);

    /// <summary>Texts in memory that the C library may read until this is disposed.</summary>
    private sealed class NativeText : IDisposable
    {
        private readonly List<nint> _blocks = [];

        public byte* Text(string text)
        {
            var count = Encoding.UTF8.GetByteCount(text);
            var block = Block((nuint)count + 1);
            Encoding.UTF8.GetBytes(text, new Span<byte>(block, count));
            block[count] = 0;
            return block;
        }

        public byte** Vector(IReadOnlyList<string> texts)
        {
            var vector = (byte**)Block((nuint)(texts.Count + 1) * (nuint)sizeof(byte*));
            for (var at = 0; at < texts.Count; at++)
            {
                vector[at] = Text(texts[at]);
            }

            vector[texts.Count] = null;
            return vector;
        }

        public void Dispose()
        {
            foreach (var block in _blocks)
            {
                NativeMemory.Free((void*)block);
            }
        }

        private byte* Block(nuint size)
        {
            var block = (byte*)NativeMemory.Alloc(size);
            _blocks.Add((nint)block);
            return block;
        }
    }
}
