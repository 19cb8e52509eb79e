namespace System.Runtime.CompilerServices;

/// <summary>What the compiler wants for records on the framework that compilers load generators for.</summary>
internal static class IsExternalInit;
