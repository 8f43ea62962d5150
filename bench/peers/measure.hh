// What the peers' programs of callers share: `PROGRAM TARGET SERVER_PID CASE CALLERS WARM_UP_MS MEASURED_MS`
// prints, in nanoseconds but for the first, on one line:
//     calls wall p50 p99 client-cpu server-cpu
#pragma once

#include <dirent.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using Clock = std::chrono::steady_clock;
typedef std::uint64_t Nanoseconds;

inline Nanoseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

[[noreturn]] inline void fail(const char* why) {
  std::fprintf(stderr, "%s\n", why);
  std::exit(1);
}

// CPU time of each thread of a process, as bench/src/proc.rs reads it
typedef std::map<std::string, Nanoseconds> CpuTime;

inline CpuTime cpu(const std::string& pid) {
  CpuTime out;
  std::string tasks = "/proc/" + pid + "/task";
  DIR* directory = opendir(tasks.c_str());
  if (!directory) fail("the server is gone");
  while (dirent* entry = readdir(directory)) {
    if (entry->d_name[0] == '.') continue;
    std::ifstream file(tasks + "/" + entry->d_name + "/schedstat");
    Nanoseconds used;
    if (file >> used) out[entry->d_name] = used;
  }
  closedir(directory);
  return out;
}

inline Nanoseconds used(const CpuTime& before, const CpuTime& after) {
  Nanoseconds sum = 0;
  for (auto& thread : after) {
    auto earlier = before.find(thread.first);
    sum += thread.second - (earlier == before.end() ? 0 : earlier->second);
  }
  return sum;
}

// Lets so many threads wait for each other.
class Barrier {
 public:
  explicit Barrier(int count) : count_(count), left_(count) {}
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    unsigned round = round_;
    if (--left_ == 0) {
      left_ = count_;
      round_++;
      all_.notify_all();
    } else {
      all_.wait(lock, [&] { return round != round_; });
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_;
  int count_, left_;
  unsigned round_ = 0;
};

// `caller` makes a call for each caller, which says whether the answer is good.
inline void measure(char** argv, std::function<std::function<bool()>(int)> caller) {
  const char* server = argv[2];
  int callers = std::atoi(argv[4]);
  std::chrono::milliseconds warm_up(std::atoi(argv[5])), measured(std::atoi(argv[6]));
  Barrier barrier(callers + 1);
  Clock::time_point warm = Clock::now() + warm_up, end;
  std::vector<std::vector<Nanoseconds>> latencies(callers);
  std::vector<std::thread> threads;
  for (int number = 0; number < callers; number++) {
    threads.emplace_back([&, number] {
      std::function<bool()> call = caller(number);
      auto once = [&] { if (!call()) fail("a reply is not the echo of the call"); };
      do once(); while (Clock::now() < warm);
      barrier.wait();
      barrier.wait();
      Clock::time_point begin = Clock::now();
      do {
        once();
        Clock::time_point now = Clock::now();
        latencies[number].push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(now - begin).count());
        begin = now;
      } while (begin < end);
      barrier.wait();
      barrier.wait();
    });
  }
  barrier.wait();
  CpuTime ours = cpu("self"), theirs = cpu(server);
  Clock::time_point start = Clock::now();
  end = start + measured;
  barrier.wait();
  barrier.wait();
  Nanoseconds wall = since(start);
  Nanoseconds client_cpu = used(ours, cpu("self")), server_cpu = used(theirs, cpu(server));
  barrier.wait();
  for (auto& thread : threads) thread.join();

  std::vector<Nanoseconds> all;
  for (auto& some : latencies) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  auto percentile = [&](std::size_t percent) { return all[(all.size() * percent + 99) / 100 - 1]; };
  std::printf("%zu %llu %llu %llu %llu %llu\n", all.size(), (unsigned long long)wall,
              (unsigned long long)percentile(50), (unsigned long long)percentile(99),
              (unsigned long long)client_cpu, (unsigned long long)server_cpu);
}
