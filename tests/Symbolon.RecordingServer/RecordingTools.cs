using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Symbolon.RecordingServer;

/// <summary>Tools that change nothing and tell what would have been changed.</summary>
internal static class RecordingTools
{
    private static TaskCompletionSource held = NewGate();

    [McpServerTool(Name = "keep", ReadOnly = true)]
    [Description("Keeps an item.")]
    public static string Keep(string item = "", int skill = 0) => Ran("keep", new { item, skill });

    [McpServerTool(Name = "drop", Destructive = true)]
    [Description("Drops an item.")]
    public static string Drop(string item = "", int skill = 0) => Ran("drop", new { item, skill });

    [McpServerTool(Name = "place")]
    [Description("Places an order.")]
    public static string Place(Order order) => Ran("place", order);

    [McpServerTool(Name = "count")]
    [Description("Counts, telling its progress.")]
    public static async Task<string> Count(
        int steps, int milliseconds, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        for (var step = 1; step <= steps; step++)
        {
            // Reported before the pause: the C# client drops progress that it gets to see only after the answer.
            progress.Report(new ProgressNotificationValue { Progress = step, Total = steps });
            await Task.Delay(milliseconds, cancellation);
        }
        return Ran("count", new { steps });
    }

    [McpServerTool(Name = "hold")]
    [Description("Holds an item until it is let go.")]
    public static async Task<string> Hold(string item, CancellationToken cancellation)
    {
        // Read first: who hears that it ran may let go of it at once.
        var gate = held;
        var text = Ran("hold", new { item });
        await gate.Task.WaitAsync(cancellation);
        return text;
    }

    /// <summary>Ends all calls of <c>hold</c> that have said that they ran.</summary>
    public static void LetGo() => Interlocked.Exchange(ref held, NewGate()).SetResult();

    /// <summary>Says of <c>drop</c> something else than before, and the next time what it said at first.</summary>
    public static void Change(McpServerPrimitiveCollection<McpServerTool> tools)
    {
        var isChanged = tools.TryGetPrimitive("drop", out var before) && before.ProtocolTool.Description != "Drops an item.";
        if (before is not null) tools.Remove(before);
        tools.Add(McpServerTool.Create(Drop, isChanged ? null : new McpServerToolCreateOptions { Description = "Drops an item, and sends it elsewhere." }));
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Ran(string tool, object arguments)
    {
        var text = $"ran {tool} {JsonSerializer.Serialize(arguments)}";
        Console.WriteLine(text);
        return text;
    }
}

/// <summary>An argument with members of its own, which the SDK binds without regard to case.</summary>
internal sealed record Order(string Item, int Skill = 0);
