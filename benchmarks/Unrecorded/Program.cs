using Microsoft.Extensions.DependencyInjection.Extensions;
using Symbolon.Core.Audit;
using Symbolon.Server;
using Symbolon.Server.Hosting;
using Unrecorded;

// serve --data DIR --urls URL: Symbolon as another application hosts it, with an audit that forgets. Only to measure what the audit costs;
// the product has no such switch.
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.Logging.SetMinimumLevel(LogLevel.None);
builder.WebHost.UseKestrelCore().UseUrls(args[4]);
builder.AddSymbolon(new SymbolonOptions { DataDirectory = args[2], Urls = [args[4]] });
builder.Services.Replace(ServiceDescriptor.Singleton<IAuditLog, ForgetfulLog>());
var app = builder.Build();
app.MapSymbolon();
await app.RunAsync();

namespace Unrecorded
{
    internal sealed class ForgetfulLog : IAuditLog
    {
        public bool IsHealthy => true;

        public void Append(AuditEvent record) => record.Complete(durable: true);
    }
}
