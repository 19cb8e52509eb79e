// These tests look at Unix modes and run Unix programs.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
