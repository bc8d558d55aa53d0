using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Symbolon.Admin.Console.AuditPages;
using Symbolon.Admin.Console.ConsentPages;
using Symbolon.Admin.Console.Consents;
using Symbolon.Admin.Console.Forms;
using Symbolon.Admin.Console.MyAccess;
using Symbolon.Admin.Console.OverviewPages;
using Symbolon.Admin.Console.PeoplePages;
using Symbolon.Admin.Console.PolicyPages;
using Symbolon.Admin.Console.ReasonPages;
using Symbolon.Admin.Console.ServerPages;
using Symbolon.Admin.Console.Sessions;
using Symbolon.Admin.Console.SettingsPages;
using Symbolon.Admin.Console.SignIn;
using Symbolon.Admin.Console.TokenPages;
using Symbolon.AuthorizationServer.Consent;
using Symbolon.AuthorizationServer.Login;
using Symbolon.Core.Audit;

namespace Symbolon.Admin.Console;

public static class ConsoleServices
{
    /// <summary>The console. Needs what <see cref="AdminServices.AddAdmin"/> needs.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(forms =>
        {
            forms.FormFieldName = "form";
            forms.HeaderName = null;
            forms.Cookie = new FormCookie();
            forms.SuppressXFrameOptionsHeader = true;
        });
        // An application that hosts us may have chosen where its keys live; without that they would go to a home folder, unsealed.
        services.AddSingleton<SealedFormKeys>();
        services.AddOptions<KeyManagementOptions>().PostConfigure<SealedFormKeys>((keys, sealedKeys) =>
        {
            if (keys.XmlRepository is not null) return;
            keys.XmlRepository = sealedKeys;
            // What is stored is sealed as a whole.
            keys.XmlEncryptor = new NullXmlEncryptor();
        });
        // Two servers on one host share their cookies, which know no port.
        services.AddOptions<AntiforgeryOptions>().Configure<IPublicAddresses>((forms, addresses) => forms.Cookie.Name += CookiePort.Of(addresses.Origins));
        // A refused form would be a warning and a cookie of another server an error with its stack, for every request and for anybody to
        // fill the log with. The audit has the refusals, counted; what keeps forms from working at all is thrown.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None));
        services.AddSingleton<ConsoleSessions>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<IPersonSessions, PersonSessions>();
        services.AddSingleton<MyAccessReader>();
        services.AddSingleton<Notices>();
        services.AddSingleton<SignInLink>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<OneTimeForms>();
        services.AddSingleton<FirstShell>();
        services.AddSingleton<TokenListing>();
        services.AddSingleton<TokenPageReader>();
        services.AddSingleton<IssueDesk>();
        services.AddSingleton<IssuedPages>();
        services.AddSingleton<FirstCalls>();
        services.AddSingleton<ServerPageReader>();
        services.AddSingleton<PolicyPageReader>();
        services.AddSingleton<SettingsPageReader>();
        services.AddSingleton<AuditLive>();
        services.AddSingleton(provider => new AuditListing(provider.GetRequiredService<IAuditStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PeopleListing>();
        services.AddSingleton<ConsentForms>();
        services.AddSingleton<PersonPageReader>();
        services.AddSingleton<PersonForms>();
        services.AddSingleton<AccountForms>();
        services.AddSingleton<IConsentPages, ConsentAnswers>();
        return services;
    }

    /// <summary>Maps the console's pages at <c>/</c>.</summary>
    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").ExcludeFromDescription();
        all.MapSignIn();
        all.MapPages();
    }

    /// <summary>Maps how people sign in, and what is their own: on the listeners of callers too.</summary>
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").ExcludeFromDescription();
        all.MapPersonSignIn();
        all.MapOwnPages();
    }

    /// <summary>Maps what needs nobody signed in and is the same in every installation: the files of pages, and what each reason code means.</summary>
    public static void MapReasons(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").ExcludeFromDescription();
        all.MapAssets();
        all.MapReasonPages();
    }
}
