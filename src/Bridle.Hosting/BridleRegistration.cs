using Bridle.Events;
using Bridle.Hosting.Recall;
using Bridle.Models;
using Bridle.Models.Extensions;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bridle.Hosting;

/// <summary>Bridle in a program with a container: web application, worker, generic host.</summary>
public static class BridleRegistration
{
    /// <summary>
    /// Registers <see cref="Agent"/>, one for each scope: a scope is one conversation, and disposing it asynchronously ends what the agent left running.
    /// Its model is the registered <see cref="IModel"/>, else the registered <see cref="IChatClient"/>, else the one that <c>bridle run</c> would use here; never the rehearsal.
    /// Registered tools, watchers (<see cref="IEventSink"/>), an <see cref="IApprover"/>, an <see cref="IWorkspace"/>, a <see cref="TimeProvider"/> and a generator of embeddings (for the search over past sessions) are used; what the options name comes first.
    /// Nothing is read or sent before the first question.
    /// </summary>
    /// <param name="services">The container's registrations.</param>
    /// <param name="folder">The folder that agents work in.</param>
    /// <param name="options">What they may do, asked once for each scope; null is careful: they look, and what would be asked is denied.</param>
    public static IServiceCollection AddBridle(this IServiceCollection services, string folder, Func<IServiceProvider, AgentOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        services.TryAddScoped(scope => Agent.Make(ModelOf(scope), folder, With(options?.Invoke(scope) ?? new(), scope), scope.GetService<TimeProvider>()));
        return services;
    }

    private static IModel? ModelOf(IServiceProvider scope) =>
        scope.GetService<IModel>() ?? (scope.GetService<IChatClient>() is { } client ? new ChatClientModel(client) : null);

    private static AgentOptions With(AgentOptions options, IServiceProvider scope) => options with
    {
        Tools = [.. options.Tools, .. scope.GetServices<Tool>()],
        Sinks = [.. options.Sinks, .. scope.GetServices<IEventSink>()],
        Approver = options.Approver ?? scope.GetService<IApprover>(),
        Embeddings = options.Embeddings ?? (scope.GetService<IEmbeddingGenerator<string, Embedding<float>>>() is { } generator ? new EmbeddingSource(generator) : null),
        Workspace = options.Workspace ?? scope.GetService<IWorkspace>(),
    };
}
