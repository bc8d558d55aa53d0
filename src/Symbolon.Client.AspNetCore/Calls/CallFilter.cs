using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Symbolon.Client.AspNetCore.Calls;

/// <summary>Puts <see cref="IncomingCalls"/> in front of everything else, so that nobody has to remember it.</summary>
internal sealed class CallFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(IncomingCalls.BeginAsync);
        next(app);
    };
}
