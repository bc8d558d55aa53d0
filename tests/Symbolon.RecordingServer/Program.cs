using McpHttpHost;
using ModelContextProtocol.Server;
using Symbolon.RecordingServer;

// A server on the C# SDK whose tools say on standard output what they ran with: "ran keep {…}".
return await SampleHost.RunAsync("recording", SampleOptions.Parse(args), [
    McpServerTool.Create(RecordingTools.Keep),
    McpServerTool.Create(RecordingTools.Drop),
    McpServerTool.Create(RecordingTools.Place),
    McpServerTool.Create(RecordingTools.Count),
]);
