// Bridle.StartupProfile ASSEMBLIES PROFILE TRACE...
// Writes into PROFILE which methods the runs of the TRACEs had to compile while they ran. ASSEMBLIES is the folder of the trimmed assemblies that ran.
using Bridle.StartupProfile;

if (args.Length < 3)
{
    await Console.Error.WriteLineAsync("Bridle.StartupProfile ASSEMBLIES PROFILE TRACE...");
    return 2;
}

using var profile = new ProfileFile(args[0], Path.GetFileName(args[1]));
foreach (var trace in args[2..])
{
    var read = RunTrace.Read(trace);
    var taken = read.Methods.Count(profile.TryAdd);
    Console.WriteLine($"{Path.GetFileName(trace)}: {read.Methods.Count} methods compiled while it ran, {taken} of them new here");
}

profile.Write(args[1]);
Console.WriteLine($"{args[1]}: {profile.Count} methods; {profile.NotFound} could not be found again");
return 0;
