using McpHttpHost;
using ModelContextProtocol.Server;
using Symbolon.RecordingServer;

// A server on the C# SDK whose tools say on standard output what they ran with: "ran keep {…}". Told "change" on standard input, it
// describes one of them differently from then on; told "let go", it answers the calls that it holds.
McpServerPrimitiveCollection<McpServerTool> tools =
[
    McpServerTool.Create(RecordingTools.Keep),
    McpServerTool.Create(RecordingTools.Drop),
    McpServerTool.Create(RecordingTools.Place),
    McpServerTool.Create(RecordingTools.Count),
    McpServerTool.Create(RecordingTools.Hold),
];
_ = Task.Run(async () =>
{
    while (await Console.In.ReadLineAsync() is { } line)
    {
        if (line == "change") RecordingTools.Change(tools);
        if (line == "let go") RecordingTools.LetGo();
    }
});
return await SampleHost.RunAsync("recording", SampleOptions.Parse(args), tools);
