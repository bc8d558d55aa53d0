using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Symbolon.Server.Hosting;

/// <summary>One line an event, on standard error; standard output belongs to the command.</summary>
internal static class ServerLog
{
    /// <param name="hasStarted">Until then the host itself says nothing: of what keeps it from starting it would log the whole stack, and
    /// who starts it is told in one line.</param>
    public static void Configure(ILoggingBuilder logging, string level, Func<bool> hasStarted)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(Enum.Parse<LogLevel>(level, ignoreCase: true));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", at => at >= LogLevel.Warning && hasStarted());
        // With a logger here the host makes an Activity and a log scope for each request; faults are logged at the edge.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
