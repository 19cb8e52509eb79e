using Bridle.CrashTarget;
using Bridle.CrashTarget.Scenarios;

// A process for tests to kill: it tells on standard output what was acknowledged to it, line by line.
return args switch
{
    ["append", var data, var state, var session] => AppendScript.Run(data, state, session),
    ["hold", var data, var state, var session] => HoldScript.Run(data, state, session),
    ["fill", var data, var state, var session] => FillScript.Run(data, state, session),
    ["session", var root, var scenario, .. var options] => SessionScript.Run(root, scenario, options),
    ["confined", var workspace] => await ConfinedScript.RunAsync(workspace),
    ["contained", var workspace, var engine, var image, var settings] => await ConfinedScript.RunAsync(workspace, engine, image, settings),
    ["scenarios"] => SessionScript.List(),
    _ => throw new ArgumentException("append | hold | fill, then data folder, state folder, session; or confined, workspace; or contained, workspace, engine, image, settings of the engine; or session, folder, scenario [kill=POINT] [allow-all]; or scenarios"),
};
