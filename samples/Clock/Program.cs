using Clock;
using McpHttpHost;
using ModelContextProtocol.Server;

return await SampleHost.RunAsync("clock", SampleOptions.Parse(args), [
    McpServerTool.Create(ClockTools.Now),
    McpServerTool.Create(ClockTools.DaysUntil),
]);
